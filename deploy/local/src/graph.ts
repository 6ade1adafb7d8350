/** The pure part of the supervisor: which unit waits for which. */

export interface Node {
  name: string;
  needs: string[];
}

/** Names in an order in which every unit comes after all that it needs. Throws on a cycle or an unknown name. */
export function startOrder(nodes: Node[]): string[] {
  const byName = new Map(nodes.map((node) => [node.name, node]));
  const order: string[] = [];
  const state = new Map<string, 'open' | 'done'>();
  const visit = (name: string, path: string[]) => {
    const node = byName.get(name);
    if (!node) throw new Error(`unit ${path.at(-1) ?? '?'} needs ${name}, which does not exist`);
    if (state.get(name) === 'done') return;
    if (state.get(name) === 'open') throw new Error(`units wait for each other: ${[...path, name].join(' → ')}`);
    state.set(name, 'open');
    for (const need of node.needs) visit(need, [...path, name]);
    state.set(name, 'done');
    order.push(name);
  };
  for (const node of nodes) visit(node.name, []);
  return order;
}

/** The names with everything that they need, directly or not. */
export function closure(nodes: Node[], names: string[]): Set<string> {
  const byName = new Map(nodes.map((node) => [node.name, node]));
  const found = new Set<string>();
  const queue = [...names];
  for (let name = queue.pop(); name !== undefined; name = queue.pop()) {
    if (found.has(name)) continue;
    found.add(name);
    queue.push(...(byName.get(name)?.needs ?? []));
  }
  return found;
}

/** Who has to be gone before a unit may stop. */
export function dependants(nodes: Node[], name: string): string[] {
  return nodes.filter((node) => node.needs.includes(name)).map((node) => node.name);
}
