/** Policies of any size for measurements: modules of 50 rules as people write them, reading each other and the input contract. */
import type { Source } from '../../lang/source.ts';

/** Rules of one module. */
const RULES_PER_MODULE = 50;

/** Modules with at least `rules` rules in all. */
export function policySources(rules: number): readonly Source[] {
  return Array.from({ length: Math.ceil(rules / RULES_PER_MODULE) }, (_, at) => ({
    name: `team-${at}.policy`,
    text: moduleText(at),
  }));
}

/** One module of at least so many lines, which reads the module of that place of `policySources`. */
export function longModule(lines: number, at: number): string {
  const groups = Math.ceil(lines / groupText(0).split('\n').length);
  return moduleText(at, groups).replace('package teams.team_', 'package long.team_');
}

/** Groups of six rules and two shared ones. */
function moduleText(at: number, count = 8): string {
  const groups = Array.from({ length: count }, (_, group) => groupText(group));
  const other = at === 0 ? 'default_team' : `data.teams.team_${at - 1}.is_staff`;
  return `package teams.team_${at}

import future.keywords.not

is_staff if input.identity.kind == "human"

default_team := ${other === 'default_team' ? '"none"' : `"team-${at}" if ${other}`}

${groups.join('\n')}`;
}

function groupText(group: number): string {
  return `names_${group} := {name |
	some statement in input.action.sql.statements
	some table in statement.tables
	table.access == "write"
	name := lower(table.name)
	not startswith(name, "tmp_${group}_")
}

reads_${group}(name) := object.get(limits_${group}, name, ${group}) * 2

limits_${group} := {"customers": ${group + 1}00, "orders": 1${group}00, "payments": 5${group}}

block contains {"code": "table-${group}", "reason": sprintf("%s is not written by %v", [name, input.identity.subject])} if {
	some name in names_${group}
	reads_${group}(name) > input.session.rows + ${group}
	not is_staff
}

require_approval contains {"code": "late-${group}", "reason": "outside of office hours", "approvers": {"groups": ["dba"]}} if {
	input.context.hour >= ${group}
	every group in input.identity.groups {
		group != "on-call-${group}"
		count(group) > 3
	}
}

allowed_${group}[kind] := count(found) if {
	some kind in {"read", "write"}
	found := [statement | some statement in input.action.sql.statements; statement.class == kind]
	regex.match(\`^[a-z]+-${group}$\`, input.resource.labels.env)
}
`;
}
