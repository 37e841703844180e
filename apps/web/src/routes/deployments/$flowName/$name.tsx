import { createFileRoute } from '@tanstack/react-router';
import { DeploymentPage } from '../../../features/deployments/deployment-page.tsx';
import { readDeploymentSearch } from '../../../features/deployments/search.ts';

export const Route = createFileRoute('/deployments/$flowName/$name')({
  validateSearch: readDeploymentSearch,
  component: Deployment,
});

function Deployment() {
  const navigate = Route.useNavigate();
  const { flowName, name } = Route.useParams();
  return (
    <DeploymentPage
      key={`${flowName}/${name}`}
      flowName={flowName}
      name={name}
      search={Route.useSearch()}
      onSearch={(change) => void navigate({ search: (before) => ({ ...before, ...change }), replace: true })}
    />
  );
}
