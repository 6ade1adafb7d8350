import type { Stream } from '@berth/contracts';
import kafkajs, { type ConfigEntries } from 'kafkajs';

// kafkajs is CommonJS: its enumerations are no named exports.
const { ConfigSource } = kafkajs;

export interface ConfigEntry {
  readonly name: string;
  readonly value: string;
}

/** What the catalogue says of a topic. */
export function configOf(stream: Stream): ConfigEntry[] {
  const config: Record<string, string> = { 'cleanup.policy': stream.cleanup, 'max.message.bytes': '1048576' };
  if (stream.retentionMs !== null) config['retention.ms'] = String(stream.retentionMs);
  return Object.entries(config).map(([name, value]) => ({ name, value }));
}

/**
 * All settings to write for a topic, or null when it has what is wanted. A write replaces the settings of the topic, and the
 * client knows no other: what its operators set beside ours is written along.
 */
export function withWanted(
  present: readonly Pick<ConfigEntries, 'configName' | 'configValue' | 'configSource'>[],
  wanted: readonly ConfigEntry[],
): ConfigEntry[] | null {
  const set = new Map(
    present
      .filter(({ configSource }) => configSource === ConfigSource.TOPIC_CONFIG)
      .map(({ configName, configValue }) => [configName, configValue]),
  );
  if (wanted.every(({ name, value }) => set.get(name) === value)) return null;
  for (const { name, value } of wanted) set.set(name, value);
  return [...set].map(([name, value]) => ({ name, value }));
}
