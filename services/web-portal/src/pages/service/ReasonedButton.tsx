import { Button, type ButtonProps } from 'antd';

interface Props extends Omit<ButtonProps, 'disabled' | 'title' | 'aria-label'> {
  readonly label: string;
  /** Why it cannot be pressed; null when it can. */
  readonly reason: string | null;
  readonly testId: string;
}

/** A button that says why it is off: under the pointer, and to who does not see it. */
export function ReasonedButton({ label, reason, testId, ...rest }: Props) {
  return (
    <span title={reason ?? undefined} data-reason={reason ?? undefined}>
      <Button
        {...rest}
        disabled={reason !== null}
        data-testid={testId}
        {...(reason && { 'aria-label': `${label}: ${reason}` })}
      >
        {label}
      </Button>
    </span>
  );
}
