// Inlines those functions of the core whose doc comment says `@inline`. AssemblyScript's decorator of
// that name is no TypeScript when it stands before a function: formatter and linter could not read it.
import { Node, NodeKind } from 'assemblyscript';
import { Transform } from 'assemblyscript/transform';

/** A doc comment with the tag, and nothing behind it. */
const TAGGED = /@inline\s*\*\/\s*$/;

// The compiler wants a default export.
// oxlint-disable-next-line import/no-default-export
export default class InlineTransform extends Transform {
  afterParse({ sources }) {
    for (const { text, statements } of sources) {
      for (const statement of statements) {
        if (statement.kind !== NodeKind.FunctionDeclaration) continue;
        const { name, range } = statement;
        if (!TAGGED.test(text.slice(Math.max(0, range.start - 80), range.start))) continue;
        const inline = Node.createIdentifierExpression('inline', name.range);
        statement.decorators = [Node.createDecorator(inline, null, name.range)];
      }
    }
  }
}
