/** The families of builtins by the file each is in: a stand-alone module carries those its policies call. */

import { AGGREGATES } from '../builtins/aggregates.ts';
import { ARRAYS } from '../builtins/arrays.ts';
import { BITS } from '../builtins/bits.ts';
import { CERTIFICATES } from '../builtins/certificates.ts';
import type { BuiltinFunction, RelationFunction } from '../builtins/context.ts';
import { ENCODINGS } from '../builtins/encodings.ts';
import { GLOBS } from '../builtins/globs.ts';
import { GRAPHS, RELATIONS } from '../builtins/graph.ts';
import { HASHES } from '../builtins/hashes.ts';
import { JSON_PATHS } from '../builtins/json-paths.ts';
import { JSON_SCHEMAS } from '../builtins/json-schemas.ts';
import { JSON_TEXTS } from '../builtins/json-texts.ts';
import { NETWORKS } from '../builtins/networks.ts';
import { OBJECTS } from '../builtins/objects.ts';
import { OPERATORS } from '../builtins/operators.ts';
import { OUTPUTS } from '../builtins/output.ts';
import { REGEXES } from '../builtins/regexes.ts';
import { SETS } from '../builtins/sets.ts';
import { STRINGS } from '../builtins/strings.ts';
import { TIMES } from '../builtins/times.ts';
import { TOKENS } from '../builtins/tokens.ts';
import { TYPE_TESTS } from '../builtins/type-tests.ts';
import { UNITS } from '../builtins/units.ts';
import { URIS } from '../builtins/uris.ts';
import { VERSIONS } from '../builtins/versions.ts';

export interface BuiltinFamily {
  /** In `engine/builtins`. */
  readonly file: string;
  /** What the file exports it as. */
  readonly name: string;
  readonly functions: Readonly<Record<string, BuiltinFunction | RelationFunction>>;
}

/** Every family; that of relations has results instead of a value. */
export const BUILTIN_FAMILIES: readonly BuiltinFamily[] = [
  { file: 'aggregates.ts', name: 'AGGREGATES', functions: AGGREGATES },
  { file: 'arrays.ts', name: 'ARRAYS', functions: ARRAYS },
  { file: 'bits.ts', name: 'BITS', functions: BITS },
  { file: 'certificates.ts', name: 'CERTIFICATES', functions: CERTIFICATES },
  { file: 'encodings.ts', name: 'ENCODINGS', functions: ENCODINGS },
  { file: 'globs.ts', name: 'GLOBS', functions: GLOBS },
  { file: 'graph.ts', name: 'GRAPHS', functions: GRAPHS },
  { file: 'hashes.ts', name: 'HASHES', functions: HASHES },
  { file: 'json-paths.ts', name: 'JSON_PATHS', functions: JSON_PATHS },
  { file: 'json-schemas.ts', name: 'JSON_SCHEMAS', functions: JSON_SCHEMAS },
  { file: 'json-texts.ts', name: 'JSON_TEXTS', functions: JSON_TEXTS },
  { file: 'networks.ts', name: 'NETWORKS', functions: NETWORKS },
  { file: 'objects.ts', name: 'OBJECTS', functions: OBJECTS },
  { file: 'operators.ts', name: 'OPERATORS', functions: OPERATORS },
  { file: 'output.ts', name: 'OUTPUTS', functions: OUTPUTS },
  { file: 'regexes.ts', name: 'REGEXES', functions: REGEXES },
  { file: 'sets.ts', name: 'SETS', functions: SETS },
  { file: 'strings.ts', name: 'STRINGS', functions: STRINGS },
  { file: 'times.ts', name: 'TIMES', functions: TIMES },
  { file: 'tokens.ts', name: 'TOKENS', functions: TOKENS },
  { file: 'type-tests.ts', name: 'TYPE_TESTS', functions: TYPE_TESTS },
  { file: 'units.ts', name: 'UNITS', functions: UNITS },
  { file: 'uris.ts', name: 'URIS', functions: URIS },
  { file: 'versions.ts', name: 'VERSIONS', functions: VERSIONS },
  { file: 'graph.ts', name: 'RELATIONS', functions: RELATIONS },
];
