import { Button } from '@mui/material';
import { useInfiniteQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { Page } from '@/components/Page';
import { RowList } from '@/components/RowList';
import { Time } from '@/components/Time';
import { AddIcon } from '@/components/icons';
import { loadWhenOpened } from '@/components/loadWhenOpened';
import { Empty, ErrorNotice, Loading } from '@/components/states';
import { paths } from '@/config/paths';
import { texts } from '@/config/texts';
import { simulationTexts } from '@/config/texts/simulations';
import { useSession } from '@/lib/session';
import { simulationsQuery } from '../api/simulations';
import { SimulationStatus } from '../components/SimulationStatus';

const SimulationDialog = loadWhenOpened(async () => (await import('../components/SimulationDialog')).SimulationDialog);

/** The simulations of the business. */
export default function SimulationsPage() {
  const { canEdit } = useSession();
  const simulations = useInfiniteQuery(simulationsQuery());
  const rows = simulations.data?.pages.flatMap((page) => page.body) ?? [];
  const [isStarting, setStarting] = useState(false);
  const start = canEdit && (
    <Button variant="contained" startIcon={<AddIcon />} onClick={() => setStarting(true)}>
      {simulationTexts.new}
    </Button>
  );
  return (
    <Page
      title={simulationTexts.title}
      description={simulationTexts.description}
      back={{ to: paths.tests, label: texts.nav.tests }}
      actions={rows.length > 0 && start}
    >
      {simulations.error && (
        <ErrorNotice title={texts.errors.title} error={simulations.error} onRetry={() => void simulations.refetch()} />
      )}
      {simulations.isPending && !simulations.error && <Loading />}
      {simulations.data && !rows.length && (
        <Empty title={simulationTexts.empty} hint={simulationTexts.emptyHint}>
          {start}
        </Empty>
      )}
      {rows.length > 0 && (
        <RowList
          label={simulationTexts.title}
          rows={rows.map((each) => ({
            key: each.simulation_id,
            to: paths.simulation(each.simulation_id),
            title: <span dir="auto">{each.goal}</span>,
            detail: <Time iso={each.created_at} />,
            meta: <SimulationStatus simulation={each} />,
          }))}
        />
      )}
      {simulations.hasNextPage && (
        <Button
          onClick={() => void simulations.fetchNextPage()}
          disabled={simulations.isFetchingNextPage}
          sx={{ alignSelf: 'center' }}
        >
          {texts.common.loadMore}
        </Button>
      )}
      {isStarting && <SimulationDialog onClose={() => setStarting(false)} />}
    </Page>
  );
}
