namespace Suites.SpikingTransformers.Networks.Continual;

/// <summary>How an error becomes gradients of a layer's weights: as rows of activity before it and of gradients behind it.</summary>
public enum CreditRule
{
    /// <summary>Through all steps, by the surrogate; the rows before a layer are the spikes of every step.</summary>
    Bptt,
    /// <summary>
    /// Step by step, without a way back in time: the rows are traces of spikes that decay as the membrane does (OTTT, Xiao et al., NeurIPS
    /// 2022). The readout has no membrane; its rows are spikes.
    /// </summary>
    Ottt,
    /// <summary>
    /// Through what spikes represent: the rows are weighted firing rates, whose dependence on the current is a clamp (DSR, Meng et al.,
    /// CVPR 2022). Neurons of its own, with thresholds that are learned in the first task.
    /// </summary>
    Dsr,
}
