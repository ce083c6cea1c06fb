// Writes docs/api.md: every export of the package's entries, with what the sources say of it. The page's
// own text is in scripts/api-intro.md; a test compares the page with what this makes.
import { readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('..', import.meta.url));
const read = (file) => readFileSync(path.join(root, file), 'utf8');

/** The groups of the page, by the file that an export comes from; the first that fits counts. */
const GROUPS = [
  ['The cache', /^cache\//],
  ['The drill', /^drill\//],
  ['Backlog sizing', /^lab\//],
  ['Adapters', /^adapters\//],
  ['The cluster', /^(cluster|runtime)\//],
  ['Errors', /./],
];

/** @returns `{ name, file, source }` of each export of an entry; `name` as it is exported. */
function exportsOf(entry) {
  const text = read(entry);
  const found = [];
  for (const [, names, from] of text.matchAll(/^export (?:type )?\{([^}]+)\} from '([^']+)';/gm)) {
    const file = path.posix.join(path.posix.dirname(entry), from).replace(/\.js$/, '.ts');
    for (const each of names.split(',')) {
      const [local, name = local] = each
        .trim()
        .replace(/^type /, '')
        .split(' as ');
      if (local !== '') found.push({ name, local, file });
    }
  }
  return found;
}

/** The doc comment that ends before a position, as Markdown text; '' if there is none. */
function docBefore(text, position) {
  const before = text.slice(0, position).trimEnd();
  if (!before.endsWith('*/')) return '';
  const raw = before.slice(before.lastIndexOf('/**') + 3, -2);
  return raw
    .split('\n')
    .map((line) => line.replace(/^\s*\* ?/, '').trimEnd())
    .join('\n')
    .trim();
}

/** A doc comment without its example, in one line, fit for a cell of a table. */
function inCell(doc) {
  return doc
    .replace(/@example[\s\S]*?(?=\n@|$)/, '')
    .replace(/@param (?:options - )?(\w+)? ?-? ?/g, (_, name) => (name ? `\`${name}\`: ` : ''))
    .replace(/@returns /g, 'Returns ')
    .replace(/@throws (?:RingleaderError )?/g, 'Throws ')
    .replace(/@see /g, 'See ')
    .replace(/\{@link (\w+)\}/g, '`$1`')
    .replace(/\s*\n\s*/g, ' ')
    .trim()
    .replaceAll('|', '\\|');
}

/** What lies between a `{` and its partner. */
function bodyFrom(text, start) {
  let depth = 0;
  for (let i = text.indexOf('{', start); i < text.length; i++) {
    if (text[i] === '{') depth += 1;
    else if (text[i] === '}' && --depth === 0) return text.slice(text.indexOf('{', start) + 1, i);
  }
  return '';
}

/** The members at an interface's or a class' own level: name, how it is written, what is said. */
function membersOf(body, isClass) {
  const members = new Map();
  const pattern = isClass
    ? /^ {2}(?!private|protected|#|constructor|if|for|while|switch|return)((?:static |async |get |readonly |override )*)([a-z]\w*)(\?)?([<(:!])/gm
    : /^ {2}(readonly )?(?:'([^']+)'|([a-z]\w*))(\?)?([<(:])/gm;
  for (const match of body.matchAll(pattern)) {
    const name = isClass ? match[2] : (match[2] ?? match[3]);
    const isMethod = ['(', '<'].includes(match.at(-1)) && !(isClass && match[1].includes('get '));
    const isStatic = isClass && match[1].includes('static ');
    const doc = inCell(docBefore(body, match.index));
    const before = members.get(name);
    // Of overloads the first is described.
    if (before !== undefined) continue;
    members.set(name, { isMethod, isStatic, doc });
  }
  return members;
}

/** Without a language: fragments, which the test of the documents' examples is to leave alone. */
function fenced(code) {
  return `\`\`\`\n${code}\n\`\`\``;
}

function table(head, rows) {
  return [`| ${head} | |`, '| --- | --- |', ...rows.map(([a, b]) => `| ${a} | ${b} |`)].join('\n');
}

function describe({ name, local, file }) {
  const text = read(file);
  const pattern = new RegExp(
    `^export (?:abstract |async )?(interface|class|function|type|const) ${local}\\b`,
    'm',
  );
  const match = pattern.exec(text);
  if (match === null) throw new Error(`${file} has no ${local}`);
  const [, kind] = match;
  const doc = docBefore(text, match.index);
  const [, example] = /@example\n([\s\S]*?)(?=\n@|$)/.exec(doc) ?? [];
  const parts = [`### \`${name}\``, inCell(doc)];
  if (example !== undefined) parts.push(fenced(example.trim()));
  if (kind === 'interface' || kind === 'class') {
    const heading = text.slice(match.index, text.indexOf('{', match.index));
    const [, parents] = /extends ([\s\S]+?)\s*$/.exec(heading) ?? [];
    if (parents !== undefined) {
      const shown = parents.replace(/\s+/g, ' ').replace(/, >/g, '>').replace(/< /g, '<');
      parts.push(`And all of \`${shown}\`.`);
    }
    const members = membersOf(bodyFrom(text, match.index), kind === 'class');
    const rows = [...members].map(([member, { isMethod, isStatic, doc: said }]) => {
      const called = isStatic ? `${name}.${member}` : member;
      return [`\`${called}${isMethod ? '()' : ''}\``, said];
    });
    if (rows.length > 0) parts.push(table(kind === 'class' ? 'member' : 'field', rows));
  } else if (kind === 'type') {
    const [code] = /^[\s\S]*?;[ \t]*(?:\/\/[^\n]*)?\n/.exec(text.slice(match.index));
    const lines = code
      .trimEnd()
      .replace(/^export /, '')
      .split('\n');
    const comments = lines.filter((line) => /\/\/ /.test(line));
    if (comments.length > 2) {
      const rows = comments.map((line) => {
        const [literal, about] = line.replace(/^\s*\| /, '').split(/;? ?\/\/ /);
        return [`\`${literal.trim().replaceAll("'", '')}\``, inCell(about)];
      });
      parts.push(table('value', rows));
    } else parts.push(fenced(lines.join('\n')));
  } else if (kind === 'function') {
    const end = /\)(?:: [^{;]+?)?(?: \{|;)\n/.exec(text.slice(match.index));
    const signature = text.slice(match.index, match.index + end.index + end[0].length);
    const shown = signature.replace(/^export (async )?/, '').replace(/(?: \{|;)\n$/, '');
    parts.push(fenced(`${shown};`));
  }
  return parts.filter((part) => part !== '').join('\n\n');
}

/** @returns the whole page. */
export function apiPage() {
  const adapters = ['keyv', 'fastify'].flatMap((adapter) => {
    const file = `src/adapters/${adapter}.ts`;
    const names = read(file).matchAll(
      /^export (?:async )?(?:class|interface|function|type) (\w+)/gm,
    );
    return [...names].map(([, name]) => ({ name, local: name, file }));
  });
  const all = [...exportsOf('src/index.ts'), ...adapters];
  const left = new Set(all);
  const parts = [read('scripts/api-intro.md').trim()];
  const groups = GROUPS.map(([title, pattern]) => {
    const members = [...left].filter(({ file }) => pattern.test(file.replace(/^src\//, '')));
    for (const member of members) left.delete(member);
    return [title, members];
  });
  const order = ['The cluster', 'The cache', 'The drill', 'Backlog sizing', 'Adapters', 'Errors'];
  for (const title of order) {
    const [, members] = groups.find(([each]) => each === title);
    parts.push(`## ${title}`, ...members.map((member) => describe(member)));
  }
  return `${parts.join('\n\n')}\n`;
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  writeFileSync(path.join(root, 'docs/api.md'), apiPage());
}
