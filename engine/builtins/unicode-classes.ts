/**
 * Names of Unicode classes in patterns as Go reads them: in any case, with blanks, `_` and `-` left out, and by their long names. The
 * portable implementation knows one spelling of each. Go regexp/syntax.
 */

/** Long names of categories. */
const LONG_NAMES: ReadonlyMap<string, string> = new Map(
  Object.entries({
    Casedletter: 'LC',
    Closepunctuation: 'Pe',
    Cntrl: 'Cc',
    Combiningmark: 'M',
    Connectorpunctuation: 'Pc',
    Control: 'Cc',
    Currencysymbol: 'Sc',
    Dashpunctuation: 'Pd',
    Decimalnumber: 'Nd',
    Digit: 'Nd',
    Enclosingmark: 'Me',
    Finalpunctuation: 'Pf',
    Format: 'Cf',
    Initialpunctuation: 'Pi',
    Lc: 'LC',
    Letter: 'L',
    Letternumber: 'Nl',
    Lineseparator: 'Zl',
    Lowercaseletter: 'Ll',
    Mark: 'M',
    Mathsymbol: 'Sm',
    Modifierletter: 'Lm',
    Modifiersymbol: 'Sk',
    Nonspacingmark: 'Mn',
    Number: 'N',
    Openpunctuation: 'Ps',
    Other: 'C',
    Otherletter: 'Lo',
    Othernumber: 'No',
    Otherpunctuation: 'Po',
    Othersymbol: 'So',
    Paragraphseparator: 'Zp',
    Privateuse: 'Co',
    Punct: 'P',
    Punctuation: 'P',
    Separator: 'Z',
    Spaceseparator: 'Zs',
    Spacingmark: 'Mc',
    Surrogate: 'Cs',
    Symbol: 'S',
    Titlecaseletter: 'Lt',
    Unassigned: 'Cn',
    Uppercaseletter: 'Lu',
  }),
);
/** A class by its name, where `\p` begins one: the spelling the portable implementation knows, which it refuses where there is none. */
export function namedClass(letter: string, caret: string, name: string, isInSet: boolean): string {
  const known = canonicalName(name);
  const isNegated = (letter === 'P') !== (caret === '^');
  if (known === 'Ascii') {
    const range = isNegated ? '\\x{80}-\\x{10FFFF}' : '\\x00-\\x7f';
    return isInSet ? range : `[${range}]`;
  }
  return `\\${isNegated ? 'P' : 'p'}{${LONG_NAMES.get(known) ?? known}}`;
}

function canonicalName(name: string): string {
  const joined = name.replace(/[_\- ]/g, '');
  const first = joined.charAt(0).replace(/[a-z]/, (letter) => letter.toUpperCase());
  return first + joined.slice(1).replace(/[A-Z]/g, (letter) => letter.toLowerCase());
}
