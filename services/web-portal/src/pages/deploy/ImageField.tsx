import { routes } from '@berth/api';
import type { EnvironmentName } from '@berth/contracts';
import { useQuery } from '@tanstack/react-query';
import { Input } from 'antd';
import { call } from '../../api/client.js';
import { problemFrom, problemText } from '../../api/problem.js';
import { useT } from '../../i18n/index.js';
import { Field } from '../../ui/Field.js';
import { Shape } from '../../ui/Mark.js';
import { bytesText, shortDigest } from '../../ui/words.js';
import { errorText, type SpecFieldProps } from './fields.js';
import { useLater } from './useLater.js';

interface Place {
  readonly project: string;
  readonly environment: EnvironmentName;
}

/** What an image name means now, asked again half a second after the last key. */
export function useResolvedImage(place: Place | null, image: string, registryCredential: string) {
  const asked = useLater(image.trim(), 500);
  return useQuery({
    queryKey: ['image', place, asked, registryCredential],
    queryFn: ({ signal }) =>
      call(routes.resolveImage, {
        params: place as Place,
        body: { image: asked, project: (place as Place).project, ...(registryCredential && { registryCredential }) },
        signal,
      }),
    enabled: place !== null && asked !== '',
    retry: false,
    staleTime: 30_000,
  });
}

interface Props extends SpecFieldProps {
  readonly resolved: ReturnType<typeof useResolvedImage>;
}

/** The image, and at once what it is: digest, architecture, user, ports; or which of the four things is wrong. */
export function ImageField({ spec, change, errors, resolved }: Props) {
  const t = useT();
  const error = resolved.error ? problemText(t, problemFrom(resolved.error)) : null;
  const image = resolved.data?.image;
  const base = image ? spec.image.replace(/@.*$/, '').replace(/:[^/:]*$/, '') : '';
  return (
    <Field label={t('deploy.image')} required error={error ? null : errorText(t, errors, 'spec.image')}>
      {(ids) => (
        <>
          <Input
            {...ids}
            className="mono"
            data-testid="deploy-image"
            placeholder="samples/web:1.0"
            spellCheck={false}
            value={spec.image}
            onChange={(event) => change({ image: event.target.value })}
          />
          <div aria-live="polite" className="resolved" data-testid="image-answer">
            {spec.image === '' && <span className="faint">{t('deploy.imageHint')}</span>}
            {resolved.isFetching && <span className="faint">{t('deploy.resolving')}</span>}
            {!resolved.isFetching && error && (
              <span className="field-error" data-code={problemFrom(resolved.error).code}>
                <Shape tone="bad" /> {error.title}: {error.detail} {error.todo}
              </span>
            )}
            {!resolved.isFetching && image && (
              <span className="row">
                <span className="mark mark-ok">
                  <Shape tone="ok" /> <code>{shortDigest(image.digest)}</code>
                </span>
                <span className="tag">{image.architecture}</span>
                <span className="tag">{bytesText(image.sizeBytes)}</span>
                <span className="tag">{t('deploy.imageUser', { user: image.user ?? 'root' })}</span>
                {image.exposedPorts.length > 0 && (
                  <span className="tag">{t('deploy.imagePorts', { ports: image.exposedPorts.join(', ') })}</span>
                )}
              </span>
            )}
          </div>
          {resolved.data && resolved.data.tags.length > 1 && (
            <div className="chips" role="group" aria-label={t('deploy.versions')}>
              {resolved.data.tags.slice(0, 10).map((tag) => (
                <button
                  key={tag}
                  type="button"
                  className="chip mono"
                  aria-pressed={image?.tag === tag}
                  onClick={() => change({ image: `${base}:${tag}` })}
                >
                  {tag}
                </button>
              ))}
            </div>
          )}
        </>
      )}
    </Field>
  );
}
