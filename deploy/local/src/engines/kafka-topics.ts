import { streams, type Stream } from '@berth/contracts';
import kafkajs, { type AclEntry, type Admin } from 'kafkajs';
import type { Context } from '../context.js';
import type { TaskUnit } from '../unit.js';
import { aclsOf, diffAcls, type AclRule } from './kafka-acls.js';
import { withAdmin, writeReaderProperties } from './kafka-client.js';
import { configOf, withWanted } from './topic-config.js';

// kafkajs is CommonJS: its enumerations are no named exports.
const { AclOperationTypes, AclPermissionTypes, AclResourceTypes, ConfigResourceTypes, ResourcePatternTypes } = kafkajs;

/** Topics and access rules exactly as the catalogue says. A real Kafka that was given keeps its own rules. */
export function topicsUnit(context: Context, needs: string[]): TaskUnit {
  return {
    kind: 'task',
    name: 'topics',
    title: `${streams.length} streams and their access rules`,
    group: 'prepare',
    needs,
    run: (report) =>
      withAdmin(context, async (admin) => {
        const created = await ensureTopics(admin, streams);
        if (created > 0) report(`${created} topics created`);
        if (context.settings.external.kafka) return;
        await ensureAcls(admin, aclsOf(streams));
        writeReaderProperties(context);
      }),
  };
}

async function ensureTopics(admin: Admin, wanted: readonly Stream[]): Promise<number> {
  const present = new Set(await admin.listTopics());
  const missing = wanted.filter((stream) => !present.has(stream.name));
  if (missing.length > 0) {
    await admin.createTopics({
      waitForLeaders: true,
      topics: missing.map((stream) => ({
        topic: stream.name,
        numPartitions: stream.partitions,
        replicationFactor: -1,
        configEntries: configOf(stream),
      })),
    });
  }
  const kept = wanted.filter((stream) => present.has(stream.name));
  if (kept.length > 0) await ensureConfig(admin, kept);
  return missing.length;
}

async function ensureConfig(admin: Admin, kept: readonly Stream[]): Promise<void> {
  const type = ConfigResourceTypes.TOPIC;
  const described = await admin.describeConfigs({
    includeSynonyms: false,
    resources: kept.map(({ name }) => ({ type, name })),
  });
  const present = new Map(described.resources.map(({ resourceName, configEntries }) => [resourceName, configEntries]));
  const resources = kept.flatMap((stream) => {
    const configEntries = withWanted(present.get(stream.name) ?? [], configOf(stream));
    return configEntries ? [{ type, name: stream.name, configEntries }] : [];
  });
  if (resources.length > 0) await admin.alterConfigs({ validateOnly: false, resources });
}

async function ensureAcls(admin: Admin, wanted: AclRule[]): Promise<void> {
  const { resources } = await admin.describeAcls({
    resourceType: AclResourceTypes.ANY,
    resourcePatternType: ResourcePatternTypes.ANY,
    operation: AclOperationTypes.ANY,
    permissionType: AclPermissionTypes.ANY,
  });
  const entries = resources.flatMap((resource) => resource.acls.map((acl) => ({ ...resource, ...acl })));
  const { add, remove } = diffAcls(wanted, entries.map(fromEntry));
  if (add.length > 0) await admin.createAcls({ acl: add.map(toEntry) });
  if (remove.length > 0) await admin.deleteAcls({ filters: remove.map(toEntry) });
}

const operations = {
  read: AclOperationTypes.READ,
  write: AclOperationTypes.WRITE,
  describe: AclOperationTypes.DESCRIBE,
  'describe-configs': AclOperationTypes.DESCRIBE_CONFIGS,
} as const;

function toEntry(rule: AclRule): AclEntry {
  return {
    principal: `User:${rule.principal}`,
    host: '*',
    operation: operations[rule.operation],
    permissionType: AclPermissionTypes.ALLOW,
    resourceType: rule.resource === 'topic' ? AclResourceTypes.TOPIC : AclResourceTypes.GROUP,
    resourceName: rule.name,
    resourcePatternType: rule.pattern === 'literal' ? ResourcePatternTypes.LITERAL : ResourcePatternTypes.PREFIXED,
  };
}

interface PresentAcl {
  principal: string;
  operation: number;
  resourceType: number;
  resourceName: string;
  resourcePatternType: number;
}

function fromEntry(entry: PresentAcl): AclRule {
  const operation = Object.entries(operations).find(([, number]) => number === entry.operation)?.[0] ?? 'read';
  return {
    principal: entry.principal.replace(/^User:/, ''),
    resource: entry.resourceType === AclResourceTypes.TOPIC ? 'topic' : 'group',
    name: entry.resourceName,
    pattern: entry.resourcePatternType === ResourcePatternTypes.LITERAL ? 'literal' : 'prefixed',
    operation: operation as AclRule['operation'],
  };
}
