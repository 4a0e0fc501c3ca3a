/** What a name is that cannot be declared again. */
import type { Span } from '../source.ts';
import type { RuleContext } from './context.ts';
import type { Occurrence } from './scope.ts';

/** Says why a name cannot be declared again. */
export function reportRedeclared(
  ctx: RuleContext,
  name: string,
  occurrence: Occurrence,
  span: Span,
): void {
  const how = {
    parameter: 'is a parameter',
    seen: 'is used above',
    assigned: 'is assigned above',
    declared: 'is declared above',
  };
  ctx.fault(
    'check/redeclared-var',
    span,
    `\`${name}\` ${how[occurrence]} and cannot be declared again`,
    {
      help:
        occurrence === 'seen'
          ? 'declare a variable before its first use, or compare with `==`'
          : 'choose another name, or compare with `==`',
    },
  );
}
