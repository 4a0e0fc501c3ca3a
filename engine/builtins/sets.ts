/** Set operations. OPA topdown/sets.go, binary.go; the difference is in operators.ts, because `-` also subtracts. */
import { isFault } from '../value/fault.ts';
import { RegoSet, SetBuilder } from '../value/set.ts';
import type { BuiltinFunction } from './context.ts';
import { builtin, set } from './operand.ts';

export const SETS = {
  and: builtin([set, set], (_ctx, a, b) => a.intersection(b)),
  or: builtin([set, set], (_ctx, a, b) => a.union(b)),
  union: builtin([set], (ctx, sets) => {
    const builder = new SetBuilder();
    for (const item of sets) {
      const members = set(item, 1);
      if (isFault(members)) return members;
      for (const member of members.unordered()) builder.add(member);
    }
    return ctx.charge(builder.size) ?? builder.build();
  }),
  intersection: builtin([set], (_ctx, sets) => {
    let result: RegoSet | undefined;
    for (const item of sets) {
      const members = set(item, 1);
      if (isFault(members)) return members;
      result = result === undefined ? members : result.intersection(members);
    }
    return result ?? RegoSet.EMPTY;
  }),
} satisfies Readonly<Record<string, BuiltinFunction>>;
