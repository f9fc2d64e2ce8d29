namespace Suites.SpikingTransformers.Networks.Continual;

/// <summary>What keeps earlier tasks from being forgotten.</summary>
public enum ContinualMethod
{
    /// <summary>Nothing: one task after the other.</summary>
    None,
    /// <summary>
    /// Updates leave the principal subspace of earlier activity alone, which lateral neurons learn by a Hebbian rule (Xiao et al., ICLR
    /// 2024).
    /// </summary>
    Hlop,
    /// <summary>The same subspace by singular values, after each task (GPM, Saha, Garg, Roy, ICLR 2021).</summary>
    Gpm,
    /// <summary>A weight is held the more, the more earlier tasks depend on it (EWC, Kirkpatrick et al., PNAS 2017).</summary>
    Ewc,
    /// <summary>Some samples of earlier tasks are learned again beside new ones (Chaudhry et al., 2019).</summary>
    Replay,
    /// <summary>Every stage learns from all tasks so far: no continual learning, but what it is held against.</summary>
    Joint,
}
