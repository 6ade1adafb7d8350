/** A name of a variable, in capitals; the words around it are read without regard to case. */
const name = '([A-Z][A-Z0-9_]{2,127})\\b';
const opening = '["\'`(\\[{$]*';
const closing = '["\'`)\\]}]*';
const words = (list: string) => `(?i:${list})`;

/** What may stand between "missing" and the name. */
const kindOfThing = words(
  '(?:the|an?|required|mandatory|following|values?|for|env(?:ironment)?|(?:env[ _-]?)?var(?:iable)?s?|config(?:uration)?|settings?|keys?|options?|param(?:eter)?s?|propert(?:y|ies)|process\\.env\\.)\\b[\\s:.]*',
);
const absent = words(
  [
    "(?:not|n't)\\s+(?:been\\s+)?(?:set|defined|provided|specified|found|configured|given|present|exported)\\b",
    'missing\\b',
    'required\\b',
    'undefined\\b',
    'unset\\b',
    'empty\\b',
    'unbound variable\\b',
    'parameter (?:null or )?not set\\b',
    '(?:must|has to|have to|needs to|should)\\s+be\\s+(?:set|provided|specified|defined|present|configured|given)\\b(?! to)',
    "(?:can'?t|cannot|must not|may not) be (?:empty|blank|unset|undefined)\\b",
  ].join('|'),
);
const verb = words(
  '(?:is|was|are|has|have|been|value|env(?:ironment)?|var(?:iable)?|key|config(?:uration)?|setting)\\s+',
);

/** Each says that something is not there, and names it. */
const signs = [
  `\\b${words('missing|unset|undefined|lacks?|lacking|no value for|not present in the environment')}[\\s:]+(?:${kindOfThing})*${opening}${name}`,
  `(?<!${words('column|field|table|header|constraint|property')}\\s["'\`]?)\\b${name}${closing}:?\\s+(?:${verb})*${absent}`,
  `${words('KeyError|key not found')}:\\s*["']${name}["']`,
  `${words('could not resolve placeholder')} ['"]${name}['"]`,
  `\\b${words('(?:please |must |need to |have to |ImproperlyConfigured: )(?:set|define|provide|specify|export|configure)')}\\s+(?:${kindOfThing})*${opening}${name}`,
  `(?:缺少|缺失|未设置|没有设置|未配置|未提供|请设置|请配置)[^A-Za-z\\n]{0,20}${name}`,
  `\\b${name}[^A-Za-z\\n]{0,10}(?:未设置|没有设置|未配置|未定义|未提供|为空|缺失|不能为空|不存在)`,
].map((sign) => new RegExp(sign, 'g'));

/** The program goes on without it. */
const goesOn =
  /default|fall(?:ing)?[ -]?back|disabled|skip|ignor|optional|instead|using an?\b|will use|assuming|默认|忽略|跳过|可选/i;
/** One word in capitals may be anything, unless the line speaks of variables or the shell does. */
const speaksOfVariables =
  /\benv\b|env(?:ironment)?[ _-]?var|environment|KeyError|key not found|unbound variable|parameter (?:null or )?not set|环境变量/i;

/** Name of the variable that a line says is missing; null when it says no such thing. */
export function missingVariableIn(line: string): string | null {
  if (goesOn.test(line)) return null;
  const isClear = speaksOfVariables.test(line);
  for (const sign of signs)
    for (const [, found] of line.matchAll(sign))
      if (found && (isClear || found.includes('_')) && !noVariable.has(found)) return found;
  return null;
}

/** Words in capitals that are no variable, though a line speaks of variables. */
const noVariable = new Set(
  'ERROR FATAL WARN WARNING INFO DEBUG TRACE PANIC ENV NULL THE MISSING REQUIRED VARIABLE NOT'.split(' '),
);
