namespace Suites.SpikingTransformers.Networks.Reservoirs;

/// <summary>A fixed recurrent system of whose states a linear readout is made.</summary>
interface IReservoir
{
    int Units { get; }

    /// <summary>[step × units] states after each input of a series, from rest.</summary>
    double[] Run(ReadOnlySpan<double> inputs);

    /// <summary>Synapses that are not 0.</summary>
    long Synapses { get; }
}
