"""Training of the small judges of one registered thing's crop (`detectors.inspectors.state_models`)."""

from detectors.training.judges.command import JUDGE_EPOCHS, JUDGES, train_judge

__all__ = ["JUDGES", "JUDGE_EPOCHS", "train_judge"]
