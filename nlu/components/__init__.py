"""The parts of the NLU pipeline that are ours; `config.yml` names them in their order."""
