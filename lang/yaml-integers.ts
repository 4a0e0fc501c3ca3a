/** Integers of YAML 1.1 that OPA's reader still knows: other bases, leading zeros, underscores. */
import type { ScalarTag } from 'yaml';

function integerTag(test: RegExp, prefix: string): ScalarTag {
  return {
    tag: 'tag:yaml.org,2002:int',
    default: true,
    test,
    resolve: (source) => {
      const digits = source.replaceAll('_', '').replace(/^([-+]?)0?b?o?/, '');
      const magnitude = BigInt(prefix + (digits || '0'));
      return source.startsWith('-') ? -magnitude : magnitude;
    },
  };
}

/** To stand before the tags of the library's core schema. */
export const INTEGER_TAGS: readonly ScalarTag[] = [
  integerTag(/^[-+]?0b[01_]+$/, '0b'),
  integerTag(/^[-+]?0o?[0-7_]+$/, '0o'),
  {
    tag: 'tag:yaml.org,2002:int',
    default: true,
    test: /^[-+]?[1-9]\d*(?:_\d+)+$/,
    resolve: (source) => BigInt(source.replaceAll('_', '').replace(/^\+/, '')),
  },
];
