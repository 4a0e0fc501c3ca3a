/** Which shared values what follows in a plan of matching reads. */
import type { Feature, Template } from '../plan/match-plan.ts';
import type { SharedValue, SharedValues } from '../plan/shared-values.ts';
import { visitOperands } from '../plan/walk-plan.ts';

type Asking =
  | { readonly values: readonly SharedValue[] }
  | { readonly feature: Feature }
  | { readonly template: Template };

/** All of them, with those they are read from. */
export function neededBy(all: SharedValues, asking: Asking): ReadonlySet<SharedValue> {
  const found = new Set<SharedValue>();
  const add = (value: SharedValue | undefined): void => {
    if (value === undefined || found.has(value)) return;
    found.add(value);
    if (value.expr === undefined) return;
    const step = { kind: 'let', to: value.register, expr: value.expr, at: NOWHERE } as const;
    visitOperands({ steps: [step] }, (operand) => add(all.of(operand)));
  };
  const addFeature = (feature: Feature): void => {
    switch (feature.kind) {
      case 'scan':
        add(feature.scan.of);
        addTemplate(feature.inner);
        return;
      case 'equal':
      case 'prefix':
        add(feature.of);
        addTemplate(feature.inner);
        return;
      case 'flags':
        return;
      case 'rows':
        for (const value of feature.form.needs) add(value);
        visitOperands({ steps: feature.form.steps }, (operand) => add(all.of(operand)));
        return;
    }
  };
  const addTemplate = ({ features }: Template): void => {
    for (const feature of features) addFeature(feature);
  };
  if ('values' in asking) for (const value of asking.values) add(value);
  else if ('feature' in asking) addFeature(asking.feature);
  else addTemplate(asking.template);
  return found;
}

const NOWHERE = { start: 0, end: 0 } as const;
