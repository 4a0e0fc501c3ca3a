/**
 * What a client says it does something for: shown to approvers and to policies, vouched for by nobody. It must not decide anything,
 * and holds nothing that would change what a terminal shows. It is in no digest: an approval is bound to what runs, which a remark
 * does not change; the request keeps the remark it was asked with.
 */

/** Name of the setting by which SQL clients give it. */
export const REASON_SETTING = 'sallyport.reason';
/** UTF-16 units that are kept of it. */
export const MAX_REASON_LENGTH = 500;

/** The text on one line, without control characters and cut to its length; undefined where nothing is left. */
export function readClientReason(text: string): string | undefined {
  const plain = text
    .replace(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\s]+/gu, ' ')
    .trim()
    .toWellFormed();
  if (plain === '') return undefined;
  return plain.length <= MAX_REASON_LENGTH
    ? plain
    : `${plain.slice(0, MAX_REASON_LENGTH - 1).toWellFormed()}…`;
}
