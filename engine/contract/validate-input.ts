/**
 * Checks an input document against the JSON Schema of its action kind. For tests and tools: the decision path trusts the
 * protocol folders, whose tests call this.
 */
import { Ajv2020, type ValidateFunction } from 'ajv/dist/2020.js';
import type { ActionKind } from './input.ts';
import { COMMON_SCHEMA, INPUT_SCHEMAS } from './input-schemas.ts';

export interface InputFault {
  /** JSON pointer into the document; empty for the document itself. */
  readonly path: string;
  readonly message: string;
}

/** Makes a validator; it compiles each schema when it is first used. */
export function createInputValidator(): (
  kind: ActionKind,
  input: unknown,
) => readonly InputFault[] {
  const ajv = new Ajv2020({ allErrors: true, strict: true, allowUnionTypes: true });
  // Checked by the writers of the times; a format library would be a dependency for two fields.
  ajv.addFormat('date-time', /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?Z$/);
  ajv.addSchema(COMMON_SCHEMA);
  const compiled = new Map<ActionKind, ValidateFunction>();
  return (kind, input) => {
    const validate = compiled.get(kind) ?? ajv.compile(INPUT_SCHEMAS[kind]);
    compiled.set(kind, validate);
    if (validate(input)) return [];
    return (validate.errors ?? []).map((error) => {
      const { additionalProperty } = error.params;
      const detail = additionalProperty === undefined ? '' : ` \`${additionalProperty}\``;
      return { path: error.instancePath, message: `${error.message ?? error.keyword}${detail}` };
    });
  };
}

/** Every way in which a document is not the input of an action of this kind; none when it is. */
export function validateInput(kind: ActionKind, input: unknown): readonly InputFault[] {
  return createInputValidator()(kind, input);
}
