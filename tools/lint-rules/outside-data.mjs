/**
 * `JSON.parse` of anything is data from outside until a schema has read it: its result must go straight into `.parse(` or
 * `.safeParse(` of a schema, or be given the type `unknown` on the spot.
 */
export default {
  meta: {
    type: 'problem',
    docs: { description: 'outside data is read by a schema' },
    schema: [],
    messages: {
      bare: 'The result of JSON.parse goes into a schema (`Schema.parse(JSON.parse(text))`) or is marked `as unknown`.',
    },
  },
  create(context) {
    return {
      'CallExpression[callee.object.name="JSON"][callee.property.name="parse"]'(node) {
        const parent = node.parent;
        const intoSchema =
          parent.type === 'CallExpression' &&
          parent.callee.type === 'MemberExpression' &&
          ['parse', 'safeParse'].includes(parent.callee.property.name);
        const unknown = parent.type === 'TSAsExpression' && parent.typeAnnotation.type === 'TSUnknownKeyword';
        const declaredUnknown =
          parent.type === 'VariableDeclarator' && parent.id.typeAnnotation?.typeAnnotation?.type === 'TSUnknownKeyword';
        if (!intoSchema && !unknown && !declaredUnknown) context.report({ node, messageId: 'bare' });
      },
    };
  },
};
