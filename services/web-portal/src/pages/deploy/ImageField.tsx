import { routes } from '@berth/api';
import type { EnvironmentName, Problem, ResolvedImage } from '@berth/contracts';
import { useQuery } from '@tanstack/react-query';
import { AutoComplete } from 'antd';
import { useState } from 'react';
import { call } from '../../api/client.js';
import { problemFrom, problemText } from '../../api/problem.js';
import { useT } from '../../i18n/index.js';
import { Field } from '../../ui/Field.js';
import { Shape } from '../../ui/Mark.js';
import { bytesText, shortDigest } from '../../ui/words.js';
import { CredentialField } from './CredentialField.js';
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
  /** Where it will run; null while that is not chosen. */
  readonly place: Place | null;
  readonly resolved: ReturnType<typeof useResolvedImage>;
}

/** The image, and at once what it is: digest, architecture, user, ports; or which of the four things is wrong. */
export function ImageField({ spec, change, errors, resolved, place }: Props) {
  const t = useT();
  const known = useKnownImages(place?.project ?? '');
  const problem = resolved.error ? problemFrom(resolved.error) : null;
  const image = resolved.data?.image;
  const base = spec.image.replace(/@.*$/, '').replace(/:[^/:]*$/, '');
  const [isAsked, setAsked] = useState(false);
  const needsCredential = isAsked || spec.registryCredential !== '' || problem?.code === 'image_unauthorized';
  return (
    <>
      <Field
        label={t('deploy.image')}
        required
        error={problem ? null : errorText(t, errors, 'spec.image')}
        hint={
          !needsCredential && (
            <button type="button" className="link" onClick={() => setAsked(true)} data-testid="ask-credential">
              {t('credentials.use')}
            </button>
          )
        }
      >
        {(ids) => (
          <>
            <AutoComplete
              {...ids}
              className="mono image-input"
              data-edit="image"
              data-testid="deploy-image"
              placeholder="samples/web:1.0"
              value={spec.image}
              options={known
                .filter((name) => name.includes(spec.image.trim()) && name !== spec.image)
                .map((value) => ({ value }))}
              onChange={(value: string) => change({ image: value })}
            />
            <div aria-live="polite" className="resolved" data-testid="image-answer">
              {spec.image === '' && <span className="faint">{t('deploy.imageHint')}</span>}
              {resolved.isFetching && <span className="faint">{t('deploy.resolving')}</span>}
              {!resolved.isFetching && problem && <ImageProblem problem={problem} />}
              {!resolved.isFetching && image && <ImageFacts image={image} />}
            </div>
            {resolved.data && resolved.data.tags.length > 1 && (
              <div className="chips" role="group" aria-label={t('deploy.versions')}>
                {resolved.data.tags.slice(0, 12).map((tag) => (
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
      {needsCredential && <CredentialField spec={spec} change={change} errors={errors} place={place} />}
    </>
  );
}

/** Images that run already: those of the project first. */
function useKnownImages(project: string): readonly string[] {
  const { data } = useQuery({
    queryKey: ['services', {}, 'images'],
    queryFn: ({ signal }) => call(routes.listServices, { query: { limit: 200 }, signal }),
    staleTime: 60_000,
  });
  const rows = [...(data?.items ?? [])].sort((a, b) => Number(b.project === project) - Number(a.project === project));
  return [...new Set(rows.flatMap((row) => row.image ?? []))].slice(0, 30);
}

function ImageProblem({ problem }: { problem: Problem }) {
  const t = useT();
  const text = problemText(t, problem);
  return (
    <span className="field-error" data-code={problem.code}>
      <Shape tone="bad" /> <b>{text.title}</b> {text.detail} {text.todo}
    </span>
  );
}

function ImageFacts({ image }: { image: ResolvedImage }) {
  const t = useT();
  return (
    <span className="row">
      <span className="mark mark-ok">
        <Shape tone="ok" /> <code>{shortDigest(image.digest)}</code>
      </span>
      <span className="tag">{image.architecture}</span>
      <span className="tag">{bytesText(image.sizeBytes)}</span>
      <span className="tag">{t('deploy.imageUser', { user: image.user || 'root' })}</span>
      {image.exposedPorts.length > 0 && (
        <span className="tag">{t('deploy.imagePorts', { ports: image.exposedPorts.join(', ') })}</span>
      )}
    </span>
  );
}
