/**
 * Which keys of each node hold child nodes, in source order. Visiting, comparing and locating all read this one table.
 *
 * INVARIANT: the table is mapped over the union of nodes, so a node kind that is missing here, or a key that a node does not
 * have, fails to compile.
 */
import type { Node } from './nodes.ts';

/** The name of a node's kind. */
export type NodeKind = Node['kind'];
/** The nodes of one kind. */
export type NodeOfKind<K extends NodeKind> = Extract<Node, { readonly kind: K }>;

/** Kind → keys that hold a node, a list of nodes, or undefined. */
export const CHILD_KEYS = {
  Module: ['package', 'imports', 'rules', 'comments'],
  Package: [],
  Import: ['alias'],
  Comment: [],
  Rule: ['head', 'body', 'else'],
  RuleHead: ['ref', 'params', 'contains', 'value'],
  ElseBranch: ['value', 'body'],
  Body: ['literals'],
  Literal: ['expr', 'with'],
  With: ['target', 'value'],
  TermExpr: ['term'],
  Assign: ['target', 'value'],
  Unify: ['left', 'right'],
  SomeDecl: ['names'],
  SomeIn: ['key', 'value', 'collection'],
  Every: ['key', 'value', 'domain', 'body'],
  Not: ['body'],
  Logical: ['left', 'right'],
  Null: [],
  Boolean: [],
  Number: [],
  String: [],
  TemplateString: ['parts'],
  TemplateExpr: ['literal'],
  Var: [],
  Ref: ['head', 'path'],
  RefSegment: ['term'],
  Array: ['items'],
  Object: ['entries'],
  ObjectEntry: ['key', 'value'],
  Set: ['items'],
  ArrayComprehension: ['term', 'body'],
  SetComprehension: ['term', 'body'],
  ObjectComprehension: ['key', 'value', 'body'],
  Call: ['operator', 'args'],
  Infix: ['left', 'right'],
  Membership: ['key', 'value', 'collection'],
} as const satisfies { readonly [K in NodeKind]: readonly (keyof NodeOfKind<K>)[] };

/** The child nodes of a node, in source order. */
export function childrenOf(node: Node): readonly Node[] {
  const children: Node[] = [];
  eachChild(node, (child) => void children.push(child));
  return children;
}

/** Calls `visit` for the child nodes of a node, in source order. */
export function eachChild(node: Node, visit: (child: Node) => void): void {
  for (const key of CHILD_KEYS[node.kind]) {
    const value: unknown = Reflect.get(node, key);
    if (!Array.isArray(value)) {
      if (isNode(value)) visit(value);
      continue;
    }
    for (const item of value) if (isNode(item)) visit(item);
  }
}

/** Whether the value is a node of the tree. */
export function isNode(value: unknown): value is Node {
  if (typeof value !== 'object' || value === null || !('kind' in value)) return false;
  return typeof value.kind === 'string' && Object.hasOwn(CHILD_KEYS, value.kind);
}
