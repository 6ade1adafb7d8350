import type { ThemeName } from '../styles/tokens.js';

/** Colours of lines: told apart by hue and by lightness, none of them a colour of a state. */
const colours: Readonly<Record<ThemeName, readonly string[]>> = {
  light: ['#0b6e73', '#c05a17', '#5a4bb5', '#a8326b', '#3a6ea5', '#7a7100', '#7b4a2d', '#4c5a66'],
  dark: ['#4fc1bd', '#f0a060', '#a99cf5', '#ee8fbe', '#7fb6ee', '#d3c750', '#d09b7a', '#a9b7c0'],
};

export function colourOf(theme: ThemeName, place: number): string {
  const list = colours[theme];
  return list[place % list.length] ?? '#888888';
}

/** The second round through the palette is dashed. */
export function dashOf(place: number): number[] {
  return place < colours.light.length ? [] : [6, 3];
}
