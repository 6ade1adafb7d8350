import { readFileSync } from 'node:fs';
import { basename } from 'node:path';
import { engineNames, type EngineName } from './config.js';
import type { Context } from './context.js';
import { kafkaBrokers } from './engines/kafka-client.js';
import { kafkaJarsUnit, kafkaUnit } from './engines/kafka.js';
import { topicsUnit } from './engines/kafka-topics.js';
import { adminUrl, databasesUnit, postgresUnit } from './engines/postgres.js';
import { prometheusUnit, prometheusUrl } from './engines/prometheus.js';
import { redisUnit, redisUrl } from './engines/redis.js';
import { registryUnit, registryUrl } from './engines/registry.js';
import { developerUnit } from './developer.js';
import { closure } from './graph.js';
import { baseImageUnit, debianImagesUnit, imagesUnit } from './images/build.js';
import { binaryUnits } from './kubernetes/binary.js';
import { localClusters, type LocalCluster } from './kubernetes/cluster.js';
import { nameOfKubeconfig } from './kubernetes/kubeconfig.js';
import { controlPlaneUnits } from './kubernetes/control-plane.js';
import { hostUnit } from './kubernetes/host.js';
import { manifestsUnit } from './kubernetes/manifests.js';
import { nodeUnits } from './kubernetes/node.js';
import { volumeUnit } from './kubernetes/volume-maker.js';
import { adminPasswordFile, adminUser, keysUnit, scrapeTargets, serviceCopies, serviceUnits } from './services.js';
import { spareCluster } from './state.js';
import { joinUnit, sampleUnits } from './sample/units.js';
import type { Board } from './status.js';
import type { Unit } from './unit.js';

/** Every unit of the platform, as `up` was asked for it. */
export function platformUnits(context: Context): Unit[] {
  const clusters = localClusters(context);
  const { external } = context.settings;
  const local = (name: EngineName): string[] => (external[name] ? [] : [name]);
  const engines: Record<EngineName, () => Unit[]> = {
    postgres: () => [postgresUnit(context)],
    kafka: () => [kafkaJarsUnit(context), kafkaUnit(context)],
    redis: () => [redisUnit(context)],
    registry: () => [registryUnit(context)],
    prometheus: () => [prometheusUnit(context, clusters, scrapeTargets(context))],
  };
  const images = [imagesUnit(context, local('registry')), debianImagesUnit(context), baseImageUnit(context)];
  const units: Unit[] = [
    ...engineNames.filter((name) => !external[name]).flatMap((name) => engines[name]()),
    databasesUnit(context, local('postgres')),
    topicsUnit(context, local('kafka')),
    ...images,
    ...(clusters.length > 0 ? binaryUnits(context.settings) : []),
    ...clusters.flatMap((cluster) => clusterUnits(context, cluster)),
    ...(clusters.length > 0 ? [volumeUnit(context, clusters)] : []),
    developerUnit(context, clusters),
  ];
  const needs = ['databases', 'topics', 'keys', ...local('redis')];
  const services = [keysUnit(context), ...serviceUnits(context, needs)];
  const entered = enteredUnits(context, clusters, services);
  return selected(context, context.desired.services ? [...units, ...services, ...entered] : units);
}

/** What is entered through the API once everything runs: the clusters, and the sample company. */
function enteredUnits(context: Context, clusters: LocalCluster[], services: Unit[]): Unit[] {
  if (context.desired.only) return [];
  const joining = platformAddresses(context)
    .clusters.filter(({ name }) => name !== spareCluster)
    .map(({ name, platformKubeconfig }) => ({
      name,
      ...(siteNames[name] ?? { displayName: name, site: '' }),
      kubeconfigFile: platformKubeconfig,
    }));
  const needs = [...services.map((unit) => unit.name), ...clusters.map((cluster) => `${cluster.name}.kubelet`)];
  const join = joinUnit(context, joining, needs);
  return context.desired.sample === 'none' ? [join] : [join, ...sampleUnits(context, `${context.registryName}/berth`)];
}

const siteNames: Record<string, { displayName: string; site: string }> = {
  beijing: { displayName: '北京', site: '北京机房' },
  shanghai: { displayName: '上海', site: '上海机房' },
};

function clusterUnits(context: Context, cluster: LocalCluster): Unit[] {
  return [
    hostUnit(context, cluster),
    ...controlPlaneUnits(context, cluster),
    manifestsUnit(context, cluster),
    ...nodeUnits(context, cluster),
  ];
}

/** `--only postgres,kafka` keeps these, what they need, and what makes them useful. */
function selected(context: Context, units: Unit[]): Unit[] {
  const { only } = context.desired;
  if (!only) return units;
  const companions: Record<string, string[]> = { postgres: ['databases'], kafka: ['topics'], registry: ['images'] };
  const names = only.flatMap((name) => [name, ...(companions[name] ?? [])]);
  // A cluster's name stands for its parts, a service's for its copies.
  const stands = (name: string, unit: string) =>
    unit === name || unit.startsWith(`${name}.`) || unit.replace(/-\d+$/, '') === name;
  const matching = units.filter((unit) => names.some((name) => stands(name, unit.name)));
  const kept = closure(units, [...matching.map((unit) => unit.name), 'developer']);
  return units.filter((unit) => kept.has(unit.name));
}

/** Where everything is, for the board. */
export function platformAddresses(context: Context): Board['addresses'] {
  const { settings } = context;
  const given = settings.kubeconfigs.map((file) => ({
    name: nameOfKubeconfig(readFileSync(file, 'utf8'), basename(file)),
    kubeconfig: file,
    platformKubeconfig: file,
  }));
  const { only } = context.desired;
  const made = localClusters(context).filter((cluster) => !only || only.includes(cluster.name));
  const local = made.map(({ name, adminKubeconfig, platformKubeconfig }) => ({
    name,
    kubeconfig: adminKubeconfig,
    platformKubeconfig,
  }));
  const masked = (url: string) => url.replace(/\/\/[^@/]*@/, '//');
  const copies = serviceCopies(context);
  return {
    url: copies.find((copy) => copy.service === 'gateway')?.url ?? null,
    adminUser,
    adminPasswordFile: adminPasswordFile(context),
    engines: {
      postgres: masked(adminUrl(context)),
      kafka: kafkaBrokers(context),
      redis: masked(redisUrl(context)),
      registry: registryUrl(context),
      prometheus: prometheusUrl(context),
    },
    services: Object.fromEntries(copies.map((copy) => [copy.instance, copy.url])),
    clusters: given.length > 0 ? given : local,
  };
}
