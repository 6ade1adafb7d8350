import { routes } from '@berth/api';
import type { EnvironmentName, ResolvedImage } from '@berth/contracts';
import { useQuery } from '@tanstack/react-query';
import { AutoComplete } from 'antd';
import { useState } from 'react';
import { call } from '../../api/client.js';
import { problemFrom } from '../../api/problem.js';
import { useT } from '../../i18n/index.js';
import { Field } from '../../ui/Field.js';
import { Shape } from '../../ui/Mark.js';
import { bytesText, shortDigest } from '../../ui/words.js';
import { CredentialField } from './CredentialField.js';
import { errorText, type SpecFieldProps } from './fields.js';
import { ImageProblem, VersionChips } from './ImageVersions.js';
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
  const options = useImageOptions(place?.project ?? '', spec.image.trim());
  const problem = resolved.error ? problemFrom(resolved.error) : null;
  const image = resolved.data?.image;
  const base = spec.image.replace(/@.*$/, '').replace(/:[^/:]*$/, '');
  const chooseVersion = (tag: string) => change({ image: `${base}:${tag}` });
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
              defaultActiveFirstOption={false}
              placeholder={t('deploy.imagePlaceholder')}
              value={spec.image}
              options={options}
              onChange={(value: string) => change({ image: value })}
            />
            <div aria-live="polite" className="resolved" data-testid="image-answer">
              {spec.image === '' && <span className="faint">{t('deploy.imageHint')}</span>}
              {spec.image !== '' && !place && <span className="faint">{t('deploy.imageNeedsProject')}</span>}
              {resolved.isFetching && <span className="faint">{t('deploy.resolving')}</span>}
              {!resolved.isFetching && problem && <ImageProblem problem={problem} onChoose={chooseVersion} />}
              {!resolved.isFetching && image && <ImageFacts image={image} />}
            </div>
            {resolved.data && resolved.data.tags.length > 1 && (
              <VersionChips
                label={t('deploy.versions')}
                tags={resolved.data.tags}
                chosen={image?.tag ?? null}
                onChoose={chooseVersion}
              />
            )}
          </>
        )}
      </Field>
      {needsCredential && <CredentialField spec={spec} change={change} errors={errors} place={place} />}
    </>
  );
}

/** What can be chosen without typing a name: images of the project, those offered to everybody, and others that run. */
function useImageOptions(project: string, typed: string) {
  const t = useT();
  const { data } = useQuery({
    queryKey: ['images', project],
    queryFn: ({ signal }) => call(routes.listImages, { query: project ? { project } : {}, signal }),
    staleTime: 60_000,
  });
  const isChosen = data?.items.some(({ versions }) => versions.some(({ image }) => image === typed)) ?? false;
  // Whoever opens the list again with a version in the field wants to see the others.
  const wanted = isChosen ? '' : typed;
  return (['project', 'offered', 'elsewhere'] as const).flatMap((from) => {
    const images = data?.items.filter((row) => row.from === from).flatMap(({ versions }) => versions) ?? [];
    const options = images.filter(({ image }) => image.includes(wanted)).map(({ image }) => ({ value: image }));
    return options.length > 0 ? { label: t(`deploy.images.${from}`), options } : [];
  });
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
