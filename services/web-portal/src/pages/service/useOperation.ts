import { useNavigate } from '@tanstack/react-router';
import { useRef, useState } from 'react';
import { attemptFor, type Attempt } from '../deploy/submit.js';
import { afterError } from './attempt.js';

interface Options {
  readonly onAccepted: () => void;
  /** What a refusal asks for, before the next try. */
  readonly onError?: (thrown: unknown) => Promise<void>;
}

/**
 * What a dialog asks of the platform; it leads to the page of the operation. One key for one wish: pressing twice, or again
 * after an answer was lost, is one operation.
 */
export function useOperation({ onAccepted, onError }: Options) {
  const navigate = useNavigate();
  const [busy, setBusy] = useState(false);
  const [error, setError] = useState<unknown>(null);
  const attempt = useRef<Attempt | null>(null);
  const send = async (wish: unknown, ask: (idempotencyKey: string) => Promise<{ operationId: string }>) => {
    setBusy(true);
    setError(null);
    attempt.current = attemptFor(wish, attempt.current);
    try {
      const accepted = await ask(attempt.current.key);
      onAccepted();
      await navigate({ to: '/operations/$id', params: { id: accepted.operationId } });
    } catch (thrown) {
      setError(thrown);
      attempt.current = afterError(attempt.current, thrown);
      await onError?.(thrown);
    } finally {
      setBusy(false);
    }
  };
  return { busy, error, send };
}
