import { Button } from './button.tsx';
import { Input } from './input.tsx';
import { MASK } from './schema-fields.ts';

interface SecretInputProps {
  /** What it is, for the buttons. */
  readonly name: string;
  /** MASK: the secret that is there stays. */
  readonly text: string;
  readonly onText: (text: string) => void;
  /** There is a secret already. */
  readonly kept: boolean;
}

/** A secret: what is there is never shown, only replaced. */
export function SecretInput({ name, text, onText, kept, ...rest }: SecretInputProps) {
  const isMasked = text === MASK;
  return (
    <div className="flex min-w-0 gap-2">
      <Input
        {...rest}
        // A new one, so that nothing of the old one is offered by the browser.
        key={isMasked ? 'masked' : 'open'}
        type={isMasked ? 'text' : 'password'}
        readOnly={isMasked}
        autoComplete="new-password"
        spellCheck={false}
        value={text}
        // Who has asked to replace it goes on by typing.
        autoFocus={kept && !isMasked}
        onChange={(event) => onText(event.currentTarget.value)}
        className="grow font-mono read-only:text-ink-3"
      />
      {kept ? (
        <Button
          aria-label={isMasked ? `Replace: ${name}` : `Keep the one that is there: ${name}`}
          onClick={() => onText(isMasked ? '' : MASK)}
        >
          {isMasked ? 'Replace' : 'Keep'}
        </Button>
      ) : null}
    </div>
  );
}
