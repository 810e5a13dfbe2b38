#pragma once

/// The distances of every layout, in device-independent pixels.
namespace cloudnode::grid {

inline constexpr int unit = 8;
inline constexpr int half = unit / 2;
inline constexpr int gap = 2 * unit; ///< between groups
inline constexpr int radius = unit;  ///< of cards
inline constexpr int rowHeight = 5 * unit;
inline constexpr int headerIcon = 5 * unit;

} // namespace cloudnode::grid
