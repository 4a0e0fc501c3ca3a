/**
 * `notifications:` is checked when it is read: addresses that would leave the line open, names that stand for two things.
 */
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { parseConfig } from '../../../control/config/load.ts';

const test = suite('control/config/notifications');

function parse(text: string) {
  return parseConfig({ name: 'x', text }, '/x/sallyport.yaml', {
    env: { HOOK: 'https://hooks.example/T0/canary' },
    readFile: () => 'k',
  });
}

const channel = (line: string): string => `notifications: {channels: [${line}]}`;

test('each sort of channel is read, its secrets wrapped', () => {
  const { settings, problems } = parse(`
notifications:
  attempts: 3
  people: [{subject: dora, slack: U012, email: d@example.com}]
  channels:
    - {name: hook, type: webhook, url: "\${env:HOOK}", secret: "\${file:s}", links: true, groups: [dba]}
    - {name: chat, type: slack, url: "\${env:HOOK}", signing_secret: x, show: shape}
    - {name: team, type: teams, url: "\${env:HOOK}", events: [settled]}
    - {name: mail, type: email, url: "smtps://u:p@mail.example:465", from: a@example.com}
`);
  assert.equal(problems, []);
  const { channels, people, attempts } = settings?.notifications ?? {};
  assert.equal([attempts, people?.[0]?.slack], [3, 'U012']);
  assert.equal(
    channels?.map(({ name, type, events, showsStatement }) => [name, type, events, showsStatement]),
    [
      ['hook', 'webhook', ['asked', 'settled'], true],
      ['chat', 'slack', ['asked', 'settled'], false],
      ['team', 'teams', ['settled'], true],
      ['mail', 'email', ['asked'], true],
    ],
  );
  assert.is(channels?.[0]?.url.reveal(), 'https://hooks.example/T0/canary');
  assert.not.match(JSON.stringify(channels), /canary|u:p@/);
});

for (const [what, line] of [
  ['http to another machine', '{name: a, type: webhook, url: "http://hooks.example/x", secret: s}'],
  ['http to a name like this machine', '{name: a, type: slack, url: "http://127.evil.example/x"}'],
  ['a user in the address', '{name: a, type: teams, url: "https://u:p@hooks.example/x"}'],
  ['another scheme', '{name: a, type: slack, url: "file:///etc/passwd"}'],
  ['no address', '{name: a, type: slack, url: "nowhere"}'],
  ['no mail server', '{name: a, type: email, url: "https://x", from: a@b}'],
  [
    'mail over an open line',
    '{name: a, type: email, url: "smtp://mail.example", from: a@b, encryption: disable}',
  ],
  [
    'two channels of a name',
    '{name: a, type: slack, url: "https://x"}, {name: a, type: slack, url: "https://y"}',
  ],
] as const)
  test(`refused: ${what}`, () => {
    const { settings, problems } = parse(channel(line));
    assert.is(settings, undefined);
    assert.is(problems.length, 1);
    assert.match(problems[0]?.code ?? '', /^config\/(wrong-value|duplicate)$/);
  });

test('two people of one member at Slack are refused', () => {
  const { problems } = parse(
    'notifications: {people: [{subject: a, slack: U012}, {subject: b, slack: U012}]}',
  );
  assert.equal(
    problems.map(({ code }) => code),
    ['config/duplicate'],
  );
});

test('a channel of an unknown type is told the types there are', () => {
  const { problems } = parse(channel('{name: a, type: slakc, url: "https://x"}'));
  assert.match(problems[0]?.message ?? '', /there is no type `slakc` of channels/);
  assert.is(problems[0]?.help, 'did you mean `slack`?');
  const resource = parse('resources: [{name: a, type: postgers}]').problems[0];
  assert.equal(
    [resource?.message, resource?.help],
    ['there is no type `postgers` of resources', 'did you mean `postgres`?'],
  );
});

test.run();
