import { Chip } from '@mui/material';
import { simulationTexts } from '@/config/texts/simulations';
import type { Simulation } from '@/lib/types';

/** How a simulation has ended, or that it has not. */
export function SimulationStatus({ simulation }: { simulation: Pick<Simulation, 'status' | 'goal_reached'> }) {
  const { status, goal_reached: isReached } = simulation;
  return (
    <>
      <Chip
        size="small"
        variant="outlined"
        color={status === 'failed' ? 'error' : 'default'}
        label={simulationTexts.status[status]}
      />
      {isReached !== null && (
        <Chip
          size="small"
          variant="outlined"
          color={isReached ? 'success' : 'warning'}
          label={isReached ? simulationTexts.goalReached : simulationTexts.goalNotReached}
        />
      )}
    </>
  );
}
