export const minute = 60_000;
export const ago = (ms: number) => new Date(Date.now() - ms).toISOString();
export const uuid = () => crypto.randomUUID();
export const digest = (text: string) =>
  `sha256:${[...text]
    .map((letter) => letter.charCodeAt(0).toString(16))
    .join('')
    .padEnd(64, 'a')
    .slice(0, 64)}`;
