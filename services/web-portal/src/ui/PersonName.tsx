import type { Actor } from '@berth/contracts';

/** What people call somebody, and beside it what they log in with. */
export function PersonName({ actor }: { actor: Pick<Actor, 'name' | 'username'> }) {
  const { name, username } = actor;
  return (
    <>
      {name}
      {username !== undefined && username !== name && <span className="faint mono"> {username}</span>}
    </>
  );
}
