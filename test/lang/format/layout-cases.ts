/**
 * What the layout is, by example: a text before and after. The layout is `opa fmt`'s where lines are short enough.
 */
export interface LayoutCase {
  readonly name: string;
  readonly before: string;
  readonly after: string;
  readonly width?: number;
}

export const CASES: readonly LayoutCase[] = [
  {
    name: 'a body goes on lines of its own, one expression a line',
    before: 'package a\np if {x:=1;x>0}\n',
    after: 'package a\n\np if {\n\tx := 1\n\tx > 0\n}\n',
  },
  {
    name: 'a body of one expression in one line needs no braces',
    before: 'package a\n\np if { input.x }\n\nq if {{1} == input.x}\n',
    after: 'package a\n\np if input.x\n\nq if {\n\t{1} == input.x\n}\n',
  },
  {
    name: 'a condition that is too wide gets braces',
    before: 'package a\n\np if startswith(input.path, "/internal")\n',
    after: 'package a\n\np if {\n\tstartswith(input.path, "/internal")\n}\n',
    width: 39,
  },
  {
    name: 'comments stay before, behind and inside what they belong to',
    before:
      'package a\n# METADATA\n# title: x\np if { # first\n  input.x # x\n\n\n  # own\n  input.y\n  # last\n} # end\n# eof\n',
    after:
      'package a\n\n# METADATA\n# title: x\np if {\n\t# first\n\tinput.x # x\n\n\t# own\n\tinput.y\n\t# last\n} # end\n# eof\n',
  },
  {
    name: 'comments stay in collections and between arguments',
    before: 'package a\n\ns := {1, 2, # two\n  # three\n  3\n  # end\n}\n\np := f(1, # one\n2)\n',
    after:
      'package a\n\ns := {\n\t1, 2, # two\n\t# three\n\t3,\n\t# end\n}\n\np := f(\n\t1, # one\n\t2,\n)\n',
  },
  {
    name: 'a comment in the middle of an expression goes before it',
    before: 'package a\n\np := 1 + # why\n  2\n',
    after: 'package a\n\n# why\np := 1 +\n\t2\n',
  },
  {
    name: 'lines of a collection stay grouped as they were',
    before: 'package a\n\ns := {\n 1,2,\n 3}\n\nt := {"a":1,"b":[]}\n',
    after: 'package a\n\ns := {\n\t1, 2,\n\t3,\n}\n\nt := {"a": 1, "b": []}\n',
  },
  {
    name: 'what is too wide breaks, one item a line',
    before: 'package a\n\np contains {"code": "x", "reason": "long"} if input.x\n',
    after: 'package a\n\np contains {\n\t"code": "x",\n\t"reason": "long",\n} if input.x\n',
    width: 30,
  },
  {
    name: 'a last collection hugs its brackets',
    before: 'package a\n\np := f(1, {\n"a": 1})\n',
    after: 'package a\n\np := f(1, {\n\t"a": 1,\n})\n',
  },
  {
    name: 'comprehensions stay in a line or put their body below',
    before: 'package a\n\np := [x|some x in y;x>1]\n\nq := {x: 1 |\n  some x in y\n  x > 1}\n',
    after:
      'package a\n\np := [x | some x in y; x > 1]\n\nq := {x: 1 |\n\tsome x in y\n\tx > 1\n}\n',
  },
  {
    name: '`else` follows the brace, or stands on a line of its own',
    before: 'package a\n\np := 1 if {\n x\n y }\nelse := 2 if { z }\n else := 3\n',
    after: 'package a\n\np := 1 if {\n\tx\n\ty\n} else := 2 if z\nelse := 3\n',
  },
  {
    name: 'parentheses stay where they can matter',
    before: 'package a\n\np := (1+2)*3-(4 - x)\n\nq := -x + (y)\n\nr if ("a" in s) == true\n',
    after: 'package a\n\np := (1 + 2) * 3 - (4 - x)\n\nq := -x + y\n\nr if ("a" in s) == true\n',
  },
  {
    name: '`with` modifiers stay on their lines',
    before: 'package a\n\np if q with input as 1\n  with data.x as 2\n',
    after: 'package a\n\np if q with input as 1\n\twith data.x as 2\n',
  },
  {
    name: 'strings keep their spelling, raw ones their lines',
    before: 'package a\n\np := "\\u00e9\\/"\n\nq := `a  \n\tb`\n\nr := $"{x} \\{ }"\n',
    after: 'package a\n\np := "\\u00e9\\/"\n\nq := `a  \n\tb`\n\nr := $"{x} \\{ }"\n',
  },
  {
    name: 'bodies that share a head become rules of their own',
    before: 'package a\n\np if { x } { y }\n',
    after: 'package a\n\np if x\np if y\n',
  },
  {
    name: 'blank lines are kept, never two, and stand around imports and tall rules',
    before:
      'package a\nimport data.b\nimport data.c as d\np := 1\nq := 2\n\n\n\nr := 3\ns if {\n x\n}\nt := 4\n',
    after:
      'package a\n\nimport data.b\nimport data.c as d\n\np := 1\nq := 2\n\nr := 3\n\ns if {\n\tx\n}\n\nt := 4\n',
  },
  {
    name: 'line ends of another system become line feeds, blanks at line ends go',
    before: 'package a\r\n\r\n# note  \r\np := 1  \r\n',
    after: 'package a\n\n# note\np := 1\n',
  },
];
