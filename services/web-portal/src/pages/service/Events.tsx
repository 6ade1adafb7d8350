import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { eventsQuery, type ServicePlace } from '../../api/queries.js';
import { useT } from '../../i18n/index.js';
import { useClusterNames } from '../../ui/cluster-names.js';
import { Empty, Loaded } from '../../ui/Loaded.js';
import { Mark, Shape } from '../../ui/Mark.js';
import { Ago } from '../../ui/Time.js';
import { eventTopics, groupEvents, type EventGroup, type EventTopic } from './event-groups.js';

/** What Kubernetes says about the objects of the service, by what it is about; the same thing is said once. */
export function Events({ place }: { place: ServicePlace }) {
  const t = useT();
  const query = useQuery(eventsQuery(place));
  const nameOf = useClusterNames();
  return (
    <Loaded query={query} rows={6}>
      {({ items, silentClusters }) => (
        <div className="stack">
          {silentClusters.length > 0 && (
            <p className="note note-warn" role="status" data-testid="events-partial">
              <Shape tone="unknown" /> {t('events.partial', { clusters: silentClusters.map(nameOf).join('、') })}
            </p>
          )}
          {items.length === 0 ? (
            <Empty title={t('events.none')} text={t('events.noneText')} />
          ) : (
            <EventList groups={groupEvents(items)} />
          )}
        </div>
      )}
    </Loaded>
  );
}

function EventList({ groups }: { groups: readonly EventGroup[] }) {
  const t = useT();
  const [topic, setTopic] = useState<EventTopic | null>(null);
  const counts = eventTopics.flatMap((name) => {
    const own = groups.filter((group) => group.topic === name);
    return own.length > 0 ? [{ name, count: own.length, isBad: own.some((group) => group.type === 'Warning') }] : [];
  });
  const shown = groups.filter((group) => topic === null || group.topic === topic);
  return (
    <div className="stack">
      <div className="chips" role="group" aria-label={t('event.about')}>
        <button type="button" className="chip" aria-pressed={topic === null} onClick={() => setTopic(null)}>
          {t('common.all')} <b>{groups.length}</b>
        </button>
        {counts.map(({ name, count, isBad }) => (
          <button
            key={name}
            type="button"
            className="chip"
            aria-pressed={topic === name}
            data-testid={`event-topic-${name}`}
            onClick={() => setTopic(topic === name ? null : name)}
          >
            {t(`eventTopic.${name}`)} <b className={isBad ? 'mark-warn' : undefined}>{count}</b>
          </button>
        ))}
      </div>
      <ul className="panel event-list" data-testid="events">
        {shown.map((group) => (
          <EventRow key={group.key} group={group} />
        ))}
      </ul>
    </div>
  );
}

function EventRow({ group }: { group: EventGroup }) {
  const t = useT();
  const nameOf = useClusterNames();
  return (
    <li className="event" data-topic={group.topic}>
      <span>
        <Mark tone={group.type === 'Warning' ? 'warn' : 'off'}>{t(`eventTopic.${group.topic}`)}</Mark>
        <span className="faint">{group.reason}</span>
      </span>
      <span className="event-message">{group.message}</span>
      <span className="faint event-when">
        {group.count > 1 && <b className="num">×{group.count}</b>} {group.lastAt && <Ago at={group.lastAt} />}
      </span>
      <details className="faint">
        <summary>
          {group.clusters.map(nameOf).join(' · ')} · {t('event.objects', { count: group.objects.length })}
          {group.firstAt && group.firstAt !== group.lastAt && (
            <>
              {' · '}
              {t('event.first')} <Ago at={group.firstAt} />
            </>
          )}
        </summary>
        <ul className="event-objects">
          {group.events.map((event, index) => (
            <li key={index}>
              <code>
                {event.kind}/{event.object}
              </code>{' '}
              {nameOf(event.cluster)} · ×{event.count} {event.lastAt && <Ago at={event.lastAt} />}
              {event.message !== group.message && <div>{event.message}</div>}
            </li>
          ))}
        </ul>
      </details>
    </li>
  );
}
