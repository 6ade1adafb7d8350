import { describe, expect, test } from '@jest/globals';
import kafkajs from 'kafkajs';
import { withWanted } from './topic-config.js';

const { ConfigSource } = kafkajs;
const ofTopic = (configName: string, configValue: string) => ({
  configName,
  configValue,
  configSource: ConfigSource.TOPIC_CONFIG,
});
const ofBroker = (configName: string, configValue: string) => ({
  configName,
  configValue,
  configSource: ConfigSource.DEFAULT_CONFIG,
});
const wanted = [
  { name: 'cleanup.policy', value: 'delete' },
  { name: 'retention.ms', value: '604800000' },
];

describe('settings of a topic that exists', () => {
  test('keep what its operators set beside the 2 that the catalogue rules', () => {
    const present = [ofTopic('min.insync.replicas', '2'), ofTopic('retention.ms', '1'), ofBroker('segment.ms', '9')];
    expect(withWanted(present, wanted)).toEqual([
      { name: 'min.insync.replicas', value: '2' },
      { name: 'retention.ms', value: '604800000' },
      { name: 'cleanup.policy', value: 'delete' },
    ]);
  });

  test('are not written when the topic has what is wanted', () => {
    const present = [
      ofTopic('cleanup.policy', 'delete'),
      ofTopic('retention.ms', '604800000'),
      ofTopic('segment.ms', '9'),
    ];
    expect(withWanted(present, wanted)).toBeNull();
  });

  test('that are right only by a default of the broker are written', () => {
    expect(withWanted([ofBroker('cleanup.policy', 'delete')], wanted.slice(0, 1))).toEqual(wanted.slice(0, 1));
  });
});
