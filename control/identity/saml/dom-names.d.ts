/**
 * The names of the DOM that the declarations of node-saml and xml-crypto use. Nothing here makes or reads such an object, so they
 * stand for no more than their names; the DOM itself is no part of this program.
 */
interface Node {
  readonly nodeType: number;
}
interface Element extends Node {
  readonly tagName: string;
}
interface Document extends Node {
  readonly documentElement: Element;
}
interface Attr extends Node {
  readonly value: string;
}
interface Comment extends Node {
  readonly data: string;
}
interface XPathNSResolver {
  lookupNamespaceURI(prefix: string | null): string | null;
}
