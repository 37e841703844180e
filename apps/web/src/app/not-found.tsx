import { Link } from '@tanstack/react-router';
import { EmptyState } from '../ui/empty-state.tsx';
import { Page } from '../ui/page.tsx';
import { PageHeader } from '../ui/panel.tsx';

export function NotFound() {
  return (
    <Page>
      <PageHeader title="There is no such page" />
      <EmptyState
        title="The address may be mistyped, or what it names was deleted"
        action={
          <Link to="/" className="link text-sm">
            Go to Home
          </Link>
        }
      />
    </Page>
  );
}
