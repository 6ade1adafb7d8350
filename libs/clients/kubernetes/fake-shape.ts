import type { StoredObject } from './client.js';
import { ClusterError } from './errors.js';
import { isTree } from './fake-fields.js';
import { resources, type Kind } from './kinds.js';

/** The little that a real cluster would refuse and that is easily written wrong. */
export function checkShape(kind: Kind, object: StoredObject): void {
  const wrong = (message: string) => new ClusterError('invalid', message, { status: 422 });
  if (object.apiVersion !== resources[kind].apiVersion)
    throw wrong(`apiVersion ${object.apiVersion} is not that of ${kind}`);
  if (!/^[a-z0-9]([-a-z0-9.]{0,251}[a-z0-9])?$/.test(object.metadata.name))
    throw wrong(`metadata.name: Invalid value: "${object.metadata.name}"`);
  if (kind !== 'Deployment') return;
  const spec = isTree(object['spec']) ? object['spec'] : {};
  const selector =
    isTree(spec['selector']) && isTree(spec['selector']['matchLabels']) ? spec['selector']['matchLabels'] : undefined;
  const template = isTree(spec['template']) ? spec['template'] : {};
  const labels =
    isTree(template['metadata']) && isTree(template['metadata']['labels']) ? template['metadata']['labels'] : {};
  if (!selector) throw wrong('spec.selector: Required value');
  const isSelected = Object.entries(selector).every(([key, value]) => labels[key] === value);
  if (!isSelected)
    throw wrong('spec.template.metadata.labels: Invalid value: `selector` does not match template `labels`');
}
