/**
 * Every lint rule there is, by hand. A rule that is not listed does not run.
 */
import type { LintRule } from './rule.ts';
import { constantCondition } from './rules/bugs/constant-condition.ts';
import { duplicateObjectKey } from './rules/bugs/duplicate-object-key.ts';
import { selfComparison } from './rules/bugs/self-comparison.ts';
import { unreachableElse } from './rules/bugs/unreachable-else.ts';
import { compareWithTrue } from './rules/idiomatic/compare-with-true.ts';
import { useIn } from './rules/idiomatic/use-in.ts';
import { redundantImport } from './rules/imports/redundant-import.ts';
import { unusedImport } from './rules/imports/unused-import.ts';
import { regexForPlainText } from './rules/performance/regex-for-plain-text.ts';
import { agentWithoutOnBehalfOf } from './rules/security/agent-without-on-behalf-of.ts';
import { allowEverything } from './rules/security/allow-everything.ts';
import { allowIgnoresIdentity } from './rules/security/allow-ignores-identity.ts';
import { approvalByRequester } from './rules/security/approval-by-requester.ts';
import { approvalWithoutApprovers } from './rules/security/approval-without-approvers.ts';
import { blockNeverFires } from './rules/security/block-never-fires.ts';
import { decisionWithoutCode } from './rules/security/decision-without-code.ts';
import { legacyNot } from './rules/security/legacy-not.ts';
import { secretInPolicy } from './rules/security/secret-in-policy.ts';
import { shadowedRule } from './rules/security/shadowed-rule.ts';
import { unknownMaskMethod } from './rules/security/unknown-mask-method.ts';
import { unknownStatementClass } from './rules/security/unknown-statement-class.ts';
import { wildcardMaskColumn } from './rules/security/wildcard-mask-column.ts';
import { assignmentOperator } from './rules/style/assignment-operator.ts';
import { ignoreWithoutReason } from './rules/style/ignore-without-reason.ts';
import { testOutsideTestFile } from './rules/testing/test-outside-test-file.ts';
import { testWithoutCondition } from './rules/testing/test-without-condition.ts';

export const LINT_RULES: readonly LintRule[] = [
  constantCondition,
  duplicateObjectKey,
  selfComparison,
  unreachableElse,
  compareWithTrue,
  useIn,
  redundantImport,
  unusedImport,
  regexForPlainText,
  agentWithoutOnBehalfOf,
  allowEverything,
  allowIgnoresIdentity,
  approvalByRequester,
  approvalWithoutApprovers,
  blockNeverFires,
  decisionWithoutCode,
  legacyNot,
  secretInPolicy,
  shadowedRule,
  unknownMaskMethod,
  unknownStatementClass,
  wildcardMaskColumn,
  assignmentOperator,
  ignoreWithoutReason,
  testOutsideTestFile,
  testWithoutCondition,
];
