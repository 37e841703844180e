import { useRouter } from '@tanstack/react-router';
import type { ReactNode } from 'react';
import { cx } from '../../ui/class-names.ts';
import { ScrollX } from '../../ui/scroll-x.tsx';
import { addressOf, type Block, type Inline, parseMarkdown } from './markdown.ts';

/** A report in Markdown. It becomes elements of ours, never HTML of its own. */
export function MarkdownView({ text, label }: { readonly text: string; readonly label: string }) {
  const blocks = parseMarkdown(text);
  return (
    <div className="flex flex-col gap-2 text-sm">
      {blocks.map((block, at) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: they have no name, and do not move
        <BlockView key={at} block={block} label={label} />
      ))}
    </div>
  );
}

function BlockView({ block, label }: { readonly block: Block; readonly label: string }) {
  switch (block.kind) {
    case 'heading':
      // Below the panel's own heading, whatever the report thinks of itself.
      return <h3 className="mt-1 font-semibold">{inline(block.line)}</h3>;
    case 'paragraph':
      return <p className="max-w-[90ch] break-words">{inline(block.line)}</p>;
    case 'code':
      return (
        <ScrollX label={label}>
          <pre className="figures w-max min-w-full rounded-md bg-sunken px-3 py-2 text-xs">{block.text}</pre>
        </ScrollX>
      );
    case 'rule':
      return <hr className="border-line" />;
    case 'list': {
      const List = block.ordered ? 'ol' : 'ul';
      return (
        <List className={cx('max-w-[90ch] pl-5', block.ordered ? 'list-decimal' : 'list-disc')}>
          {block.items.map((item, at) => (
            // biome-ignore lint/suspicious/noArrayIndexKey: they have no name, and do not move
            <li key={at}>{inline(item)}</li>
          ))}
        </List>
      );
    }
    case 'table':
      return <TableView block={block} label={label} />;
  }
}

function TableView({ block, label }: { readonly block: Extract<Block, { kind: 'table' }>; readonly label: string }) {
  const side = (at: number) => (block.ends[at] ? 'text-right whitespace-nowrap' : 'text-left');
  return (
    <ScrollX label={`${label}, table`}>
      <table className="border-collapse text-sm">
        <thead>
          <tr className="border-b border-line">
            {block.head.map((cell, at) => (
              // biome-ignore lint/suspicious/noArrayIndexKey: a column is its place
              <th key={at} scope="col" className={cx('label-caps h-7 px-3', side(at))}>
                {inline(cell)}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {block.rows.map((row, at) => (
            // biome-ignore lint/suspicious/noArrayIndexKey: rows do not move
            <tr key={at} className="border-b border-line last:border-0">
              {row.map((cell, place) => (
                // biome-ignore lint/suspicious/noArrayIndexKey: a column is its place
                <td key={place} className={cx('h-7 px-3 py-0.5', side(place))}>
                  {inline(cell)}
                </td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </ScrollX>
  );
}

function inline(pieces: readonly Inline[]): ReactNode {
  return pieces.map((piece, at) => {
    const key = `${at} ${piece.kind}`;
    if (piece.kind === 'code') return <code key={key}>{piece.text}</code>;
    if (piece.kind === 'strong') return <strong key={key}>{piece.text}</strong>;
    if (piece.kind === 'emphasis') return <em key={key}>{piece.text}</em>;
    if (piece.kind === 'link') return <SafeLink key={key} href={piece.href} text={piece.text} />;
    return piece.text;
  });
}

/** A link that a run left. One that leads to neither a page of ours nor the web is text. */
export function SafeLink({ href, text }: { readonly href: string; readonly text: string }) {
  const router = useRouter();
  const address = addressOf(href);
  if (address === undefined) return <span>{text}</span>;
  if (!address.isOurs) {
    return (
      <a href={address.href} className="link break-words" rel="noreferrer" target="_blank">
        {text}
      </a>
    );
  }
  return (
    <a
      href={address.href}
      className="link break-words"
      onClick={(event) => {
        // With a key held the browser opens it elsewhere, as it does with any link.
        if (event.metaKey || event.ctrlKey || event.shiftKey || event.altKey) return;
        event.preventDefault();
        router.history.push(address.href);
      }}
    >
      {text}
    </a>
  );
}
