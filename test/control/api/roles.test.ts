/**
 * The policies that decide who may use the API: the shipped ones, a user's own, and what is wrong with them.
 */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { loadApiRoles } from '../../../control/api/roles.ts';
import { ControlError } from '../../../control/error.ts';
import type { ApiObject, ApiOperation } from '../../../engine/contract/input.ts';
import { exampleIdentity } from '../store/example-approval.ts';

const roles = suite<{ dir: string }>('control/api/roles');

roles.before.each((context) => {
  context.dir = mkdtempSync(join(tmpdir(), 'sallyport-roles-'));
});
roles.after.each(({ dir }) => rmSync(dir, { recursive: true }));

const CALL = { id: 'c1', method: 'GET', path: '/v1/x', ip: '127.0.0.1', application: 'curl' };
const ANA = exampleIdentity({ subject: 'ana', groups: [] });
const ADMIN = exampleIdentity({ subject: 'root', groups: ['admins'] });

function load(paths?: readonly string[], errors: unknown[] = []) {
  return loadApiRoles({
    paths,
    base: '/',
    access: { admins: ['admins'], auditors: ['auditors'] },
    nowNs: () => 1_000_000_000n,
    onError: (error) => errors.push(error),
  });
}

roles('the shipped policies take their groups from the configuration', () => {
  const shipped = load();
  const code = (who: typeof ANA, operation: ApiOperation): string | undefined =>
    shipped.decide(who, operation, CALL)?.code;
  assert.is(code(ANA, 'approvals.list'), undefined);
  assert.is(code(ANA, 'credentials.create'), 'api/forbidden');
  assert.is(code(ADMIN, 'credentials.create'), undefined);
  const session = (subject: string): ApiObject => ({ kind: 'session', id: 's1', subject });
  assert.is(shipped.decide(ANA, 'sessions.read', CALL, session('ana')), undefined);
  assert.is(shipped.decide(ANA, 'sessions.read', CALL, session('ben'))?.code, 'api/forbidden');
  assert.is(shipped.decide(ANA, 'sessions.read', CALL)?.code, 'api/forbidden');
});

roles(
  'policies of the configuration decide in their place, and a reload that fails changes nothing',
  ({ dir }) => {
    const file = join(dir, 'api.policy');
    const head = 'package sallyport.api\n\n';
    writeFileSync(
      file,
      `${head}allow if input.identity.subject == "ana"\n\nblock contains "not by night" if input.action.api.operation == "tokens.revoke"\n`,
    );
    const own = load([dir]);
    assert.is(own.decide(ANA, 'credentials.create', CALL), undefined);
    assert.is(own.decide(ADMIN, 'credentials.create', CALL)?.code, 'api/forbidden');
    assert.is(own.decide(ANA, 'tokens.revoke', CALL)?.message, 'not by night');
    const before = own.revision;
    writeFileSync(file, `${head}allow if nobody\n`);
    assert.throws(
      () => own.reload(),
      (error: unknown) => error instanceof ControlError && error.code === 'policy/invalid',
    );
    assert.is(own.revision, before);
    writeFileSync(file, `${head}default allow := false\n`);
    own.reload();
    assert.is(own.decide(ANA, 'credentials.create', CALL)?.code, 'api/forbidden');
  },
);

roles('what is not allowed plainly is refused', ({ dir }) => {
  const file = join(dir, 'api.policy');
  const withRule = (rule: string): string | undefined => {
    writeFileSync(file, `package sallyport.api\n\nallow := true\n\n${rule}\n`);
    return load([dir]).decide(ANA, 'policies.read', CALL)?.code;
  };
  assert.is(withRule('x := 1'), undefined);
  assert.is(
    withRule(
      'require_approval contains {"code": "c", "reason": "r", "approvers": {"groups": ["g"]}}',
    ),
    'api/forbidden',
  );
  assert.is(
    withRule('mask contains {"code": "c", "field": "/a", "with": "redact"}'),
    'api/forbidden',
  );
  const errors: unknown[] = [];
  writeFileSync(
    file,
    'package sallyport.api\n\nallow if x\n\nx := 1 if input.identity\n\nx := 2 if input.action\n',
  );
  assert.is(load([dir], errors).decide(ANA, 'policies.read', CALL)?.code, 'api/forbidden');
  assert.ok(errors.length > 0);
});

roles('policies without the package stop the start', ({ dir }) => {
  writeFileSync(join(dir, 'api.policy'), 'package elsewhere\n\nallow := true\n');
  assert.throws(() => load([dir]), /there is no package sallyport\.api/);
  assert.throws(() => load([join(dir, 'missing')]));
});

roles.run();
