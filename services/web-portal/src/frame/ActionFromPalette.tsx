import { useQuery } from '@tanstack/react-query';
import { serviceQuery, type ServicePlace } from '../api/queries.js';
import { ActionDialog, type ActionName } from '../pages/service/ActionDialog.js';

interface Props {
  readonly action: ActionName;
  readonly place: ServicePlace;
  readonly onClose: () => void;
}

/** The dialog of an action, opened from the palette. */
export function ActionFromPalette({ action, place, onClose }: Props) {
  const { data: service } = useQuery(serviceQuery(place));
  return service ? <ActionDialog action={action} place={place} service={service} onClose={onClose} /> : null;
}
