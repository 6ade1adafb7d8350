import { ClusterName, EnvironmentName } from '@berth/contracts';
import { z } from 'zod';

/** Clusters by environment. An environment that is not named may use every cluster. */
export type EnvironmentClusters = Readonly<Partial<Record<EnvironmentName, readonly string[]>>>;

/** Token of the table. */
export const environmentClusters = Symbol('environmentClusters');

const Row = z.tuple([
  EnvironmentName,
  z
    .string()
    .transform((text) => text.split(','))
    .pipe(z.array(ClusterName).min(1)),
]);

/** `prod=beijing,shanghai;dev=beijing` */
export const EnvironmentClustersText = z
  .string()
  .transform((text) => text.split(';').map((row) => row.trim().split('=')))
  .pipe(z.array(Row))
  .transform((rows): EnvironmentClusters => Object.fromEntries(rows));
