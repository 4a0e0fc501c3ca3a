/** The words of the language, from the parser's own table. */
import { KEYWORDS } from '../../syntax/tokens.ts';

/** No rule or variable is called by one of these. */
export const KEYWORD_NAMES: readonly string[] = [...KEYWORDS.keys()];
