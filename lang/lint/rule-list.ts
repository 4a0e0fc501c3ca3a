/**
 * Every lint rule there is, by hand. A rule that is not listed does not run.
 */
import type { LintRule } from './rule.ts';
import { certainConflict } from './rules/bugs/certain-conflict.ts';
import { collectionAsCondition } from './rules/bugs/collection-as-condition.ts';
import { constantCondition } from './rules/bugs/constant-condition.ts';
import { contradictingConditions } from './rules/bugs/contradicting-conditions.ts';
import { countComparison } from './rules/bugs/count-comparison.ts';
import { duplicateObjectKey } from './rules/bugs/duplicate-object-key.ts';
import { headerNotLowerCase } from './rules/bugs/header-not-lower-case.ts';
import { invalidPattern } from './rules/bugs/invalid-pattern.ts';
import { literalAsCondition } from './rules/bugs/literal-as-condition.ts';
import { notEqualsInLoop } from './rules/bugs/not-equals-in-loop.ts';
import { resultAsCondition } from './rules/bugs/result-as-condition.ts';
import { ruleGivesDefault } from './rules/bugs/rule-gives-default.ts';
import { selfComparison } from './rules/bugs/self-comparison.ts';
import { shadowedBuiltin } from './rules/bugs/shadowed-builtin.ts';
import { sprintfArguments } from './rules/bugs/sprintf-arguments.ts';
import { topLevelIteration } from './rules/bugs/top-level-iteration.ts';
import { unreachableElse } from './rules/bugs/unreachable-else.ts';
import { unusedAssignment } from './rules/bugs/unused-assignment.ts';
import { verbInWrongCase } from './rules/bugs/verb-in-wrong-case.ts';
import { booleanRule } from './rules/idiomatic/boolean-rule.ts';
import { compareWithTrue } from './rules/idiomatic/compare-with-true.ts';
import { pointlessSprintf } from './rules/idiomatic/pointless-sprintf.ts';
import { rawPattern } from './rules/idiomatic/raw-pattern.ts';
import { redundantExistenceCheck } from './rules/idiomatic/redundant-existence-check.ts';
import { singleItemIn } from './rules/idiomatic/single-item-in.ts';
import { someInIteration } from './rules/idiomatic/some-in-iteration.ts';
import { useContains } from './rules/idiomatic/use-contains.ts';
import { useIn } from './rules/idiomatic/use-in.ts';
import { circularImport } from './rules/imports/circular-import.ts';
import { ownPackage } from './rules/imports/own-package.ts';
import { redundantAlias } from './rules/imports/redundant-alias.ts';
import { redundantImport } from './rules/imports/redundant-import.ts';
import { redundantRootImport } from './rules/imports/redundant-root-import.ts';
import { repeatedPath } from './rules/imports/repeated-path.ts';
import { testPackage } from './rules/imports/test-package.ts';
import { unresolvedImport } from './rules/imports/unresolved-import.ts';
import { unusedImport } from './rules/imports/unused-import.ts';
import { arrayMembership } from './rules/performance/array-membership.ts';
import { countToTestExistence } from './rules/performance/count-to-test-existence.ts';
import { regexForPlainText } from './rules/performance/regex-for-plain-text.ts';
import { scanForKnownKey } from './rules/performance/scan-for-known-key.ts';
import { walkOverInput } from './rules/performance/walk-over-input.ts';
import { withOutsideTest } from './rules/performance/with-outside-test.ts';
import { agentWithoutOnBehalfOf } from './rules/security/agent-without-on-behalf-of.ts';
import { allowEverything } from './rules/security/allow-everything.ts';
import { allowIgnoresIdentity } from './rules/security/allow-ignores-identity.ts';
import { approvalByRequester } from './rules/security/approval-by-requester.ts';
import { approvalWithoutApprovers } from './rules/security/approval-without-approvers.ts';
import { approversFromOwnGroup } from './rules/security/approvers-from-own-group.ts';
import { blockNeverFires } from './rules/security/block-never-fires.ts';
import { clientClaim } from './rules/security/client-claim.ts';
import { decisionShape } from './rules/security/decision-shape.ts';
import { decisionWithoutCode } from './rules/security/decision-without-code.ts';
import { everyOfNone } from './rules/security/every-of-none.ts';
import { hardCodedSubject } from './rules/security/hard-coded-subject.ts';
import { invalidApprovalTerms } from './rules/security/invalid-approval-terms.ts';
import { legacyNot } from './rules/security/legacy-not.ts';
import { longApproval } from './rules/security/long-approval.ts';
import { maskEvadedByAlias } from './rules/security/mask-evaded-by-alias.ts';
import { maskSelector } from './rules/security/mask-selector.ts';
import { notOnUndefined } from './rules/security/not-on-undefined.ts';
import { pathPrefix } from './rules/security/path-prefix.ts';
import { patternFromInput } from './rules/security/pattern-from-input.ts';
import { secretInPolicy } from './rules/security/secret-in-policy.ts';
import { shadowedRule } from './rules/security/shadowed-rule.ts';
import { statementTextMatch } from './rules/security/statement-text-match.ts';
import { substringOfIdentity } from './rules/security/substring-of-identity.ts';
import { suffixWithoutBoundary } from './rules/security/suffix-without-boundary.ts';
import { unanchoredPattern } from './rules/security/unanchored-pattern.ts';
import { uncoveredStatementClass } from './rules/security/uncovered-statement-class.ts';
import { unknownInputValue } from './rules/security/unknown-input-value.ts';
import { unknownMaskMethod } from './rules/security/unknown-mask-method.ts';
import { unknownMemberField } from './rules/security/unknown-member-field.ts';
import { unknownStatementClass } from './rules/security/unknown-statement-class.ts';
import { wildcardMaskColumn } from './rules/security/wildcard-mask-column.ts';
import { assignmentOperator } from './rules/style/assignment-operator.ts';
import { doubleNegative } from './rules/style/double-negative.ts';
import { ignoreUnknownRule } from './rules/style/ignore-unknown-rule.ts';
import { ignoreWithoutReason } from './rules/style/ignore-without-reason.ts';
import { lineTooLong } from './rules/style/line-too-long.ts';
import { longRule } from './rules/style/long-rule.ts';
import { packageWithoutTitle } from './rules/style/package-without-title.ts';
import { redundantTrue } from './rules/style/redundant-true.ts';
import { snakeCase } from './rules/style/snake-case.ts';
import { unfinishedComment } from './rules/style/unfinished-comment.ts';
import { yodaCondition } from './rules/style/yoda-condition.ts';
import { duplicateTestName } from './rules/testing/duplicate-test-name.ts';
import { mockOfDecision } from './rules/testing/mock-of-decision.ts';
import { neverRun } from './rules/testing/never-run.ts';
import { packageWithoutTestSuffix } from './rules/testing/package-without-test-suffix.ts';
import { printInPolicy } from './rules/testing/print-in-policy.ts';
import { testOutsideTestFile } from './rules/testing/test-outside-test-file.ts';
import { testWithoutCondition } from './rules/testing/test-without-condition.ts';
import { unfinishedTest } from './rules/testing/unfinished-test.ts';
import { unknownInputField } from './rules/testing/unknown-input-field.ts';

export const LINT_RULES: readonly LintRule[] = [
  certainConflict,
  collectionAsCondition,
  constantCondition,
  contradictingConditions,
  countComparison,
  duplicateObjectKey,
  headerNotLowerCase,
  invalidPattern,
  literalAsCondition,
  notEqualsInLoop,
  resultAsCondition,
  ruleGivesDefault,
  selfComparison,
  shadowedBuiltin,
  sprintfArguments,
  topLevelIteration,
  unreachableElse,
  unusedAssignment,
  verbInWrongCase,
  booleanRule,
  compareWithTrue,
  pointlessSprintf,
  rawPattern,
  redundantExistenceCheck,
  singleItemIn,
  someInIteration,
  useContains,
  useIn,
  circularImport,
  ownPackage,
  redundantAlias,
  redundantImport,
  redundantRootImport,
  repeatedPath,
  testPackage,
  unresolvedImport,
  unusedImport,
  arrayMembership,
  countToTestExistence,
  regexForPlainText,
  scanForKnownKey,
  walkOverInput,
  withOutsideTest,
  agentWithoutOnBehalfOf,
  allowEverything,
  allowIgnoresIdentity,
  approvalByRequester,
  approvalWithoutApprovers,
  approversFromOwnGroup,
  blockNeverFires,
  clientClaim,
  decisionShape,
  decisionWithoutCode,
  everyOfNone,
  hardCodedSubject,
  invalidApprovalTerms,
  legacyNot,
  longApproval,
  maskEvadedByAlias,
  maskSelector,
  notOnUndefined,
  pathPrefix,
  patternFromInput,
  secretInPolicy,
  shadowedRule,
  statementTextMatch,
  substringOfIdentity,
  suffixWithoutBoundary,
  unanchoredPattern,
  uncoveredStatementClass,
  unknownInputValue,
  unknownMaskMethod,
  unknownMemberField,
  unknownStatementClass,
  wildcardMaskColumn,
  assignmentOperator,
  doubleNegative,
  ignoreUnknownRule,
  ignoreWithoutReason,
  lineTooLong,
  longRule,
  packageWithoutTitle,
  redundantTrue,
  snakeCase,
  unfinishedComment,
  yodaCondition,
  duplicateTestName,
  mockOfDecision,
  neverRun,
  packageWithoutTestSuffix,
  printInPolicy,
  testOutsideTestFile,
  testWithoutCondition,
  unfinishedTest,
  unknownInputField,
];
