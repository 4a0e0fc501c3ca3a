/**
 * Decides for one session in a process of its own, by the whole policy or by what specialisation leaves of it, and prints nanoseconds a
 * decision and what specialising took. Usage: partial-process.ts POLICY RULES whole|specialised MS
 */
import type { IdentityInput, PolicyInput } from '../../../engine/contract/input.ts';
import { createDecider } from '../../../engine/decide.ts';
import { knownPart } from '../../../engine/partial/known-input.ts';
import { Specialiser } from '../../../engine/partial/specialise.ts';
import { benchInputs } from './bench-inputs.ts';
import { outcomeText } from './contender.ts';
import { compileText, policyText } from './make-contender.ts';

/** What the rules ask of the identity first. */
type Kind = 'keyed' | 'teams' | 'matched' | 'roles';

/** Rules that belong to one team each, and how many teams somebody is in. */
const TEAM_RULES = 20;
const TEAMS = 3;
/** Inputs decided in turn. */
const INPUTS = 256;
const PACKAGES = ['access'];
const KNOWN = [['identity'], ['resource']] as const;

const [policy = 'keyed', count = '30', mode = 'whole', ms = '150'] = process.argv.slice(2);
const rules = Number(count);

/** Rules of which few concern one identity: by its groups, by the form of its name, or by roles that base data give it. */
function scopedText(kind: Kind): string {
  const condition = (id: number): string => {
    const team = Math.floor(id / TEAM_RULES);
    if (kind === 'teams') return `"team-${team}" in input.identity.groups`;
    if (kind === 'matched') return `regex.match(\`^(svc-)?u-${team}$\`, input.identity.subject)`;
    return `some role in roles[input.identity.subject]\n\trole == "role-${team}"`;
  };
  const texts = Array.from(
    { length: rules },
    (_, id) =>
      `block contains {"code": "block-${id}", "reason": "rule ${id}"} if {\n\t${condition(id)}\n\tsome statement in input.action.sql.statements\n\tsome table in statement.tables\n\tstartswith(table.name, "accounts_${id}")\n}\n`,
  );
  const roles = `roles := {"u-0": ["role-0", "role-7"], "u-1": ["role-1"]}`;
  return `package access\n\ndefault allow := false\n\nallow if input.identity.kind == "human"\n\n${roles}\n\n${texts.join('\n')}`;
}

function frozen<Data>(data: Data): Data {
  for (const member of Object.values(data as object))
    if (typeof member === 'object' && member !== null) frozen(member);
  return Object.freeze(data);
}

function sessionInputs(): readonly PolicyInput[] {
  const all = benchInputs('sql', rules, INPUTS);
  const [first] = all;
  if (first === undefined) throw new Error('no input');
  const teams = Array.from({ length: TEAMS }, (_, at) => `team-${at * 7}`);
  const identity: IdentityInput = frozen({
    ...first.identity,
    groups: policy === 'keyed' ? first.identity.groups : teams,
  });
  const resource = frozen(first.resource);
  return all.map((input) => ({ ...input, identity, resource }));
}

const text = policy === 'keyed' ? policyText({ policy: 'sql', rules }) : scopedText(policy as Kind);
const policySet = compileText(text);
const inputs = sessionInputs();
const [first] = inputs;
if (first === undefined) throw new Error('no input');

const analysed = performance.now();
const specialiser = new Specialiser(policySet, KNOWN);
const ready = performance.now();
const times: number[] = [];
let made = specialiser.specialise(knownPart(first, KNOWN), PACKAGES);
for (let round = 0; round < 9; round += 1) {
  const start = performance.now();
  made = specialiser.specialise(knownPart(first, KNOWN), PACKAGES);
  createDecider(made.policySet).decide(PACKAGES, first);
  times.push(performance.now() - start);
}
const specialiseMs = times.toSorted((a, b) => a - b)[4] ?? Number.NaN;

const whole = createDecider(policySet);
const specialised = createDecider(made.policySet);
for (const input of inputs) {
  const [wanted, got] = [whole, specialised].map((each) =>
    outcomeText(each.decide(PACKAGES, input)),
  );
  if (wanted !== got) throw new Error(`decides ${got}, not ${wanted}`);
}
const decider = mode === 'whole' ? whole : specialised;
/** Kept, so that no decision is without use. */
let seen = 0;
let decisions = 0;
const start = performance.now();
let end = start;
while (end - start < Number(ms)) {
  for (const input of inputs) seen += decider.decide(PACKAGES, input).reasons.length;
  decisions += inputs.length;
  end = performance.now();
}
console.log(
  JSON.stringify({
    ns: ((end - start) * 1e6) / decisions,
    analysisMs: ready - analysed,
    specialiseMs,
    left: made.rules.after,
    seen: seen > 0,
  }),
);
