/**
 * What the type checker is told of `input`: one type made of the schemas of all action kinds. A policy may guard resources of several
 * kinds, so `input.action` may be an action of any of them; what no kind has is a fault.
 */
import { typeFromSchema } from '../../lang/types/schema.ts';
import { objectType, type Property, type Type, unionOf } from '../../lang/types/type.ts';
import { COMMON_SCHEMA, INPUT_SCHEMAS } from './input-schemas.ts';

/** The type of the input document of the contract. */
export function contractInputType(): Type {
  const library = new Map([[COMMON_SCHEMA.$id, COMMON_SCHEMA]]);
  const properties = new Map<string, Property>();
  for (const schema of Object.values(INPUT_SCHEMAS)) {
    const type = typeFromSchema(schema, library);
    if (type.kind !== 'object') continue;
    for (const [text, property] of type.properties) {
      const known = properties.get(text);
      properties.set(text, { key: property.key, type: unionOf(known?.type, property.type) });
    }
  }
  return objectType([...properties.values()], undefined);
}
