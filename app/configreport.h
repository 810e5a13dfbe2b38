#pragma once

#include "config/configloader.h"

#include <QJsonObject>

namespace cloudnode {

/// What a LoadedConfig looks like, without its secrets.
class ConfigReport {
public:
    explicit ConfigReport(const LoadedConfig &loaded) : m_loaded(loaded), m_mask(loaded.secretMask()) {}

    QString text() const;
    QJsonObject json() const;

private:
    QString masked(const QString &text) const { return QString::fromUtf8(m_mask.mask(text.toUtf8())); }
    QString shownValue(const EffectiveSetting &setting) const;
    QJsonObject jsonValue(const EffectiveSetting &setting) const;

    const LoadedConfig &m_loaded;
    SecretMask m_mask;
};

} // namespace cloudnode
