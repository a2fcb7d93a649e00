"""Makes the models that the runtime serves: photographs, network, training, evaluation, export."""
